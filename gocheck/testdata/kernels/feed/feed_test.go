package feed

import (
	"sync"
	"testing"
)

func postAndClose(t *testing.T, post func(f *feed, p string)) {
	f := newFeed()
	var wg sync.WaitGroup
	wg.Go(func() { post(f, "hello") })
	wg.Go(f.close)
	wg.Wait()
	for p := range f.posts {
		if p != "hello" {
			t.Errorf("the post is %q", p)
		}
	}
}

func TestBroken(t *testing.T) { postAndClose(t, (*feed).postBroken) }
func TestFixed(t *testing.T)  { postAndClose(t, (*feed).postFixed) }
