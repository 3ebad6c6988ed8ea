// Package timers has tests that fail in some modes of exploration only.
package timers

import (
	"math/rand"
	"sync/atomic"
	"testing"
	"time"
)

// If the answer comes too late, nobody takes it.
func TestTimeout(t *testing.T) {
	answer := make(chan int)
	go func() { answer <- 1 }()
	select {
	case <-answer:
	case <-time.After(time.Second):
	}
}

// A tick may come before the work has begun.
func TestTick(t *testing.T) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	work, stop := make(chan int, 1), make(chan bool)
	go func() { stop <- true }()
	select {
	case <-ticker.C:
		t.Error("it has ticked before it was stopped")
		<-stop
	case work <- 1:
		<-stop
	}
}

// A goroutine that sleeps longer is later, except on a machine that is slow.
func TestSleepOrder(t *testing.T) {
	var set atomic.Bool
	go func() {
		time.Sleep(time.Millisecond)
		set.Store(true)
	}()
	time.Sleep(time.Second)
	if !set.Load() {
		t.Error("not set yet")
	}
}

// The end of the process ends it.
func TestJanitor(t *testing.T) {
	go func() {
		for {
			time.Sleep(time.Minute)
		}
	}()
}

// Both go on and on: neither has leaked.
func TestJanitorAndHelper(t *testing.T) {
	work := make(chan int)
	go func() {
		for range work {
		}
	}()
	go func() {
		for {
			work <- 1
			time.Sleep(time.Minute)
		}
	}()
}

// One waits forever, while another goes on.
func TestJanitorAndLeak(t *testing.T) {
	work := make(chan int)
	go func() { <-work }()
	go func() {
		for {
			time.Sleep(time.Minute)
		}
	}()
}

// Random numbers are the same in each execution: others are tried.
func TestLuck(t *testing.T) {
	zero := true
	for range 2 {
		zero = zero && rand.Intn(2) == 0
	}
	if zero {
		t.Error("no luck")
	}
}

// Behind the race is a leak.
func TestRaceAndLeak(t *testing.T) {
	n, c := 0, make(chan int)
	go func() {
		n++
		c <- n
	}()
	n++
}

// Two that keep each other busy until a third stops them: too many executions.
func TestBusy(t *testing.T) {
	stop, balls := make(chan bool), make(chan int)
	player := func() {
		for {
			select {
			case <-stop:
				return
			case b := <-balls:
				balls <- b // if the other has stopped, this waits forever
			}
		}
	}
	go player()
	go player()
	balls <- 1
	close(stop)
}
