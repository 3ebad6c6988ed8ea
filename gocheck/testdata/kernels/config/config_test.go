package config

import (
	"sync"
	"testing"
)

func askTwice(t *testing.T, url func(*config) string) {
	c := &config{}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if got := url(c); got != "https://north.test" {
				t.Errorf("the URL is %q", got)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { askTwice(t, (*config).urlBroken) }
func TestFixed(t *testing.T)  { askTwice(t, (*config).urlFixed) }
