package parser

import (
	"sync"
	"testing"
)

func oneEmpty(t *testing.T, parse func(p *parser, text string) bool) {
	var p parser
	var wg sync.WaitGroup
	for _, text := range []string{"", "one"} {
		wg.Go(func() {
			if ok := parse(&p, text); ok != (text != "") {
				t.Errorf("parsed %q: %v", text, ok)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { oneEmpty(t, (*parser).parseBroken) }
func TestFixed(t *testing.T)  { oneEmpty(t, (*parser).parseFixed) }
