package shelf

import (
	"sync"
	"testing"
)

func twoLookups(t *testing.T, find func(s *shelf, title string) string) {
	s := &shelf{books: map[string]string{"maps": "atlas"}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if got := find(s, "maps"); got != "atlas" {
				t.Errorf("found %q", got)
			}
		})
	}
	wg.Wait()
	if s.lookups != 2 {
		t.Errorf("%d lookups, want 2", s.lookups)
	}
}

func TestBroken(t *testing.T) { twoLookups(t, (*shelf).findBroken) }
func TestFixed(t *testing.T)  { twoLookups(t, (*shelf).findFixed) }
