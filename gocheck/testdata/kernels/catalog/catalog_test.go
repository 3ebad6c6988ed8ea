package catalog

import (
	"sync"
	"testing"
)

func readAndAdd(t *testing.T, summary func(*catalog) (string, int)) {
	c := &catalog{books: []string{"first"}}
	var wg sync.WaitGroup
	wg.Go(func() { c.add("second") })
	wg.Go(func() {
		if first, n := summary(c); first != "first" || n < 1 || n > 2 {
			t.Errorf("summary is %q and %d", first, n)
		}
	})
	wg.Wait()
}

func TestBroken(t *testing.T) { readAndAdd(t, (*catalog).summaryBroken) }
func TestFixed(t *testing.T)  { readAndAdd(t, (*catalog).summaryFixed) }
