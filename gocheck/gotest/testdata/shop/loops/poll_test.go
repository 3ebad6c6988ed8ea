package loops

import (
	"sync/atomic"
	"testing"
	"time"
)

// A till is open until its shop closes; a loop looks at several of its words.
type till struct{ closed, turn, sold atomic.Int64 }

func (s *till) wait() (sold bool) {
	turn := s.turn.Load()
	for s.closed.Load() == 0 {
		if s.sold.Load() == turn+1 {
			return true
		}
		turn = s.turn.Load()
	}
	return false
}

func TestRightTill(t *testing.T) {
	var s till
	go s.sold.Store(1)
	if !s.wait() {
		t.Fatal("not sold")
	}
}

func TestWrongTill(t *testing.T) {
	var s till
	go s.sold.Store(2)
	s.wait()
}

func TestRightUntil(t *testing.T) {
	start := time.Now()
	for time.Since(start) < time.Second {
	}
}

func TestRightOrUntil(t *testing.T) {
	var open atomic.Bool
	go open.Store(true)
	for end := time.Now().Add(time.Minute); !open.Load(); {
		if time.Now().After(end) {
			t.Fatal("not opened")
		}
	}
}

func TestWrongUntil(t *testing.T) {
	var open atomic.Bool
	for end := time.Now().Add(time.Minute); !open.Load(); {
		if time.Now().After(end) {
			t.Fatal("not opened")
		}
	}
}

func poll(done <-chan time.Time) {
	for {
		select {
		case <-done:
			return
		default:
		}
	}
}

func TestRightAfterPoll(t *testing.T) { poll(time.After(time.Second)) }

func TestWrongAfterPoll(t *testing.T) {
	poll(time.After(time.Second))
	t.Fatal("reached")
}
