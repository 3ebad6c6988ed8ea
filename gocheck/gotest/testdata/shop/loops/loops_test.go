// Package loops has loops that wait.
package loops

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func TestRightSpin(t *testing.T) {
	var ready atomic.Bool
	go ready.Store(true)
	for !ready.Load() {
	}
}

func TestRightYield(t *testing.T) {
	var a, b atomic.Bool
	go func() {
		a.Store(true)
		b.Store(true)
	}()
	for !a.Load() || !b.Load() {
		runtime.Gosched()
	}
}

func TestRightCount(t *testing.T) {
	for range 10 {
		runtime.Gosched()
	}
}

// TestWrongCount gives up after three looks, which are not enough.
func TestWrongCount(t *testing.T) {
	var ready atomic.Bool
	go ready.Store(true)
	for range 3 {
		if ready.Load() {
			return
		}
	}
	t.Fatal("not ready")
}

func TestRightPoll(t *testing.T) {
	done := make(chan struct{})
	go close(done)
	for {
		select {
		case <-done:
			return
		default:
		}
	}
}

func TestWrongSpin(t *testing.T) {
	var ready atomic.Bool
	for !ready.Load() {
	}
}

func TestWrongEndless(t *testing.T) {
	var n atomic.Int64
	for n.Add(1) != 0 {
	}
}
