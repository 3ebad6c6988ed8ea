package callqueue

import (
	"errors"
	"slices"
	"testing"
)

func TestPutCompletesWithTheLastTarget(t *testing.T) {
	csd, wakes := armed(3)
	for i := range 3 {
		if csd.Done() {
			t.Fatalf("done with %d of 3 answers", i)
		}
		if csd.Put(nil) {
			t.Fatalf("answer %d is said to be one too many", i)
		}
	}
	if !csd.Done() {
		t.Fatal("not done with all answers")
	}
	if *wakes != 0 {
		t.Errorf("woke %d times somebody who did not sleep", *wakes)
	}
}

func TestParkedWaiterIsWokenOnce(t *testing.T) {
	for _, parks := range []int{1, 3} { // a CPU that is woken to serve parks again
		csd, wakes := armed(2)
		csd.Put(nil)
		for range parks {
			if !csd.Park() {
				t.Fatal("Park says done, one answer early")
			}
		}
		if csd.Done() {
			t.Fatal("parking has completed the record")
		}
		csd.Put(nil)
		if *wakes != 1 || !csd.Done() {
			t.Errorf("after %d Parks: %d wakes, done %v", parks, *wakes, csd.Done())
		}
	}
}

func TestParkAfterDoneLeavesTheRecordFree(t *testing.T) {
	csd, wakes := armed(1)
	csd.Put(nil)
	if csd.Park() {
		t.Fatal("Park would sleep though all is done, and nobody would wake it")
	}
	// The parked flag must be cleared: otherwise the next flight would wake its
	// waiter because of it.
	csd.Arm(1, wakes)
	csd.Put(nil)
	if *wakes != 0 {
		t.Error("the Park of one flight woke in the next")
	}
}

func TestForgive(t *testing.T) {
	t.Run("last", func(t *testing.T) {
		csd, _ := armed(3) // two targets, and one more
		csd.Put(nil)
		csd.Put(nil)
		if csd.Done() {
			t.Fatal("complete while its sender still sends")
		}
		csd.Forgive(1)
		if !csd.Done() {
			t.Error("not complete though nobody owes anything")
		}
	})
	t.Run("first", func(t *testing.T) {
		csd, wakes := armed(4)
		csd.Forgive(3)
		csd.Park()
		csd.Put(nil)
		if !csd.Done() || *wakes != 1 {
			t.Errorf("done %v, %d wakes", csd.Done(), *wakes)
		}
	})
	t.Run("all", func(t *testing.T) {
		csd, _ := armed(2)
		csd.Forgive(2)
		if !csd.Done() {
			t.Error("a record sent to nobody is in flight forever")
		}
	})
}

func TestErrsAreOfThisFlight(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	csd, _ := armed(3)
	csd.Put(first)
	csd.Put(nil)
	csd.Put(second)
	got := errsOf(csd)
	if len(got) != 2 || !slices.Contains(got, first) || !slices.Contains(got, second) {
		t.Errorf("errors are %v", got)
	}
	csd.Arm(1, nil)
	csd.Put(nil)
	if got := errsOf(csd); got != nil {
		t.Errorf("the flight after has the errors %v", got)
	}
}

// The kernel warns if refs falls below zero. Put reports it if any target answers
// too often.
func TestPutBelowZero(t *testing.T) {
	csd, _ := armed(2)
	csd.Forgive(2)
	if !csd.Put(nil) {
		t.Error("an answer that nobody owed went unnoticed")
	}
}

func TestAsyncRecord(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		csd := NewAsync()
		var again func()
		send := func() bool {
			return csd.TryLock() && w.src[0].TryPost(1, w.fn("r", func() { again() }), csd, false) == Posted
		}
		again = func() {}
		if !send() {
			t.Fatal("a new record is in flight")
		}
		if send() {
			t.Fatal("sent twice while in flight")
		}
		// The record is unlocked when its function begins, so that the function may
		// send it again.
		again = func() {
			again = func() {}
			if !send() {
				t.Error("in flight within its own function")
			}
		}
		w.drain()
		w.ran("r@1", "r@1")
		if !csd.TryLock() {
			t.Fatal("in flight after its function")
		}
		csd.Unlock()
		if !csd.TryLock() {
			t.Error("in flight after Unlock")
		}
	})
}

// A coalescing attempt must not clear what a flight has set, or leave anything.
func TestTryLockOfABusyRecord(t *testing.T) {
	csd := NewAsync()
	csd.TryLock()
	for range 3 {
		if csd.TryLock() {
			t.Fatal("locked twice")
		}
	}
	csd.Unlock()
	if !csd.Done() || !csd.TryLock() {
		t.Error("failed attempts keep the record")
	}
}
