package inbox

import (
	"sync"
	"testing"
)

func twoReaders(t *testing.T, end func(*inbox)) {
	b := newInbox()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if m, ok := b.read(); ok {
				t.Errorf("read %q of an empty inbox", m)
			}
		})
	}
	end(b)
	wg.Wait()
}

func TestBroken(t *testing.T) { twoReaders(t, (*inbox).closeBroken) }
func TestFixed(t *testing.T)  { twoReaders(t, (*inbox).closeFixed) }
