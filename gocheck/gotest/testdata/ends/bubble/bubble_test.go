// Package bubble has synctest bubbles that go wrong.
package bubble

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestRightBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { time.Sleep(time.Hour) })
}

func TestWrongAssertion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { t.Fatal("the bubble fails") })
}

func TestWrongGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go t.Error("its goroutine fails")
		synctest.Wait()
	})
}

// TestWrongOuter fails the test that is around the bubble.
func TestWrongOuter(outer *testing.T) {
	synctest.Test(outer, func(t *testing.T) { outer.Error("the outer test fails") })
}

// TestWrongBeside fails if the goroutine was faster than the bubble.
func TestWrongBeside(t *testing.T) {
	var n atomic.Int32
	go n.Store(1)
	synctest.Test(t, func(t *testing.T) { time.Sleep(time.Second) })
	n.Load()
	synctest.Test(t, func(t *testing.T) {
		if n.Load() == 1 {
			t.Error("the goroutine was faster")
		}
	})
}

func TestWrongDeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { <-make(chan int) })
}

func TestWrongPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		go func() { panic("boom") }()
		synctest.Wait()
	})
}

func TestRightAfter(t *testing.T) {}
