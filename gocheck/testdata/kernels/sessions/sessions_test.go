package sessions

import (
	"sync"
	"testing"
)

func touchAndClose(t *testing.T, end func(tab *table, id string, s *session) int) {
	s := &session{}
	tab := &table{open: map[string]*session{"a": s}}
	var wg sync.WaitGroup
	wg.Go(func() { tab.touch("a") })
	hits := end(tab, "a", s)
	wg.Wait()
	if hits > 1 {
		t.Errorf("%d hits, want at most 1", hits)
	}
}

func TestBroken(t *testing.T) { touchAndClose(t, (*table).closeBroken) }
func TestFixed(t *testing.T)  { touchAndClose(t, (*table).closeFixed) }
