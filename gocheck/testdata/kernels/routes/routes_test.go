package routes

import (
	"sync"
	"testing"
)

func addAndLook(t *testing.T, add func(r *router, to, via string)) {
	r := newRouter()
	var wg sync.WaitGroup
	wg.Go(func() { add(r, "c", "d") })
	wg.Go(func() {
		if via := r.via("a"); via != "b" {
			t.Errorf("the route to a is via %q", via)
		}
	})
	wg.Wait()
}

func TestBroken(t *testing.T) { addAndLook(t, (*router).addBroken) }
func TestFixed(t *testing.T)  { addAndLook(t, (*router).addFixed) }
