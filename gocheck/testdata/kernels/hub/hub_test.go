package hub

import (
	"sync/atomic"
	"testing"
)

func leaveWhenTold(t *testing.T, tell func(h *hub, news string)) {
	var told atomic.Int32
	h := &hub{subs: map[int]func(string){}}
	h.subs[1] = func(string) { told.Add(1) }
	h.subs[2] = func(string) {
		told.Add(1)
		h.leave(2)
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		tell(h, "rain")
	}()
	<-done
	if told.Load() != 2 {
		t.Errorf("%d subscribers were told, want 2", told.Load())
	}
}

func TestBroken(t *testing.T) { leaveWhenTold(t, (*hub).tellBroken) }
func TestFixed(t *testing.T)  { leaveWhenTold(t, (*hub).tellFixed) }
