package printers

import (
	"sync"
	"testing"
)

func oneBlank(t *testing.T, print func(p *pool, page string) error) {
	p := newPool(1)
	var wg sync.WaitGroup
	for _, page := range []string{"", "text"} {
		wg.Go(func() {
			if err := print(p, page); (err != nil) != (page == "") {
				t.Errorf("page %q: %v", page, err)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { oneBlank(t, (*pool).printBroken) }
func TestFixed(t *testing.T)  { oneBlank(t, (*pool).printFixed) }
