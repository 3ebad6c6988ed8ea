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

// TestRightYieldToHelper has a loop that looks at one thing, and yields.
func TestRightYieldToHelper(t *testing.T) {
	var left, other atomic.Int32
	left.Store(1)
	done := make(chan bool)
	go func() {
		other.Add(1)
		left.Add(-1)
		<-done
	}()
	other.Add(1)
	for left.Load() != 0 {
		runtime.Gosched()
	}
	done <- true
}

func TestRightHandshake(t *testing.T) {
	var ready [2]atomic.Bool
	meet := func(me int) {
		ready[me].Store(true)
		for !ready[1-me].Load() {
			runtime.Gosched()
		}
	}
	go meet(1)
	meet(0)
}

func TestWrongHandshake(t *testing.T) {
	var ready [2]atomic.Bool
	meet := func(me int) {
		for !ready[1-me].Load() {
			runtime.Gosched()
		}
		ready[me].Store(true)
	}
	go meet(1)
	meet(0)
}
