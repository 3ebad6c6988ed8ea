package reload

import (
	"sync"
	"testing"
)

func notifyOnce(t *testing.T, w *watcher) {
	var wg sync.WaitGroup
	wg.Go(w.watch)
	wg.Go(func() { w.notify("app.conf") })
	wg.Wait()
	if len(w.seen) != 1 || w.seen[0] != "app.conf" {
		t.Errorf("seen: %q", w.seen)
	}
}

func TestBroken(t *testing.T) { notifyOnce(t, newBroken()) }
func TestFixed(t *testing.T)  { notifyOnce(t, newFixed()) }
