// Package clock has tests of time.
package clock

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestRightSleep(t *testing.T) {
	start := time.Now()
	time.Sleep(time.Hour)
	if d := time.Since(start); d <= time.Hour || d > time.Hour+time.Millisecond {
		t.Fatal(d)
	}
}

func TestRightDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	<-ctx.Done()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Fatal(ctx.Err())
	}
}

func TestRightCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		ended <- ctx.Err()
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestWrongNoCancel(t *testing.T) {
	ctx, _ := context.WithCancel(context.Background())
	go func() { <-ctx.Done() }()
}

func TestRightTicker(t *testing.T) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	start := time.Now()
	<-tick.C
	<-tick.C
	if d := time.Since(start); d <= 2*time.Second || d > 2*time.Second+time.Millisecond {
		t.Fatal(d)
	}
}

// After Stop and Reset nothing is left in a timer's channel.
func TestRightStopDrains(t *testing.T) {
	timer := time.NewTimer(time.Second)
	time.Sleep(2 * time.Second)
	if !timer.Stop() {
		t.Error("its value was not received, and Stop says that it had fired")
	}
	select {
	case <-timer.C:
		t.Error("a value is left after Stop")
	default:
	}
	start := time.Now()
	if timer.Reset(time.Minute) {
		t.Error("Reset says that a timer which was stopped was not")
	}
	<-timer.C
	if d := time.Since(start); d <= time.Minute || d > time.Minute+time.Millisecond {
		t.Error(d)
	}
}

func TestRightAfterFunc(t *testing.T) {
	fired := make(chan bool, 1)
	timer := time.AfterFunc(time.Second, func() { fired <- true })
	time.Sleep(2 * time.Second)
	if timer.Stop() || !<-fired {
		t.Fatal("not fired")
	}
}

// TestWrongReply has a goroutine that is left behind where the time runs out.
func TestWrongReply(t *testing.T) {
	reply := make(chan int)
	go func() {
		time.Sleep(time.Second)
		reply <- 1
	}()
	select {
	case <-reply:
	case <-time.After(time.Second):
	}
}

// TestRightPulse leaves a goroutine behind that would go on.
func TestRightPulse(t *testing.T) {
	go func() {
		for range time.NewTicker(time.Second).C {
		}
	}()
}

func TestRightPulseOrQuit(t *testing.T) {
	quit := make(chan bool)
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
			case <-quit:
				return
			}
		}
	}()
}

func TestRightNap(t *testing.T) {
	go func() {
		for {
			time.Sleep(time.Second)
		}
	}()
}

func TestWrongStoppedPulse(t *testing.T) {
	tick := time.NewTicker(time.Second)
	go func() { <-tick.C }()
	tick.Stop()
}

// TestWrongBesidePulse leaves a second one behind, which nobody wakes.
func TestWrongBesidePulse(t *testing.T) {
	go func() {
		for range time.NewTicker(time.Second).C {
		}
	}()
	never := make(chan bool)
	go func() { <-never }()
}

// TestWrongPulse does something wrong at the second tick after the test.
func TestWrongPulse(t *testing.T) {
	go func() {
		tick := time.NewTicker(time.Second)
		<-tick.C
		<-tick.C
		panic("late")
	}()
}

// TestRightOver: after a sleep its time is over, by a strict comparison too.
func TestRightOver(t *testing.T) {
	end := time.Now().Add(time.Second)
	time.Sleep(time.Second)
	if !time.Now().After(end) {
		t.Error("not over")
	}
}

// The channel of a timer seems to be unbuffered.
func TestRightTimerSize(t *testing.T) {
	timer, ticker := time.NewTimer(time.Minute), time.NewTicker(time.Minute)
	defer ticker.Stop()
	time.Sleep(time.Hour)
	for _, c := range []<-chan time.Time{timer.C, ticker.C} {
		if len(c) != 0 || cap(c) != 0 {
			t.Error(len(c), cap(c))
		}
		<-c
	}
}

// TestRightAfterFuncCounted: an AfterFunc starts a goroutine, and goroutines are counted.
func TestRightAfterFuncCounted(t *testing.T) {
	done := make(chan struct{})
	time.AfterFunc(time.Second, func() { close(done) })
	if n := runtime.NumGoroutine(); n < 2 {
		t.Error(n)
	}
	<-done
}

// sweep looks at each tick whether something is to be done.
func sweep(period time.Duration, n int, done func()) {
	tick := time.NewTicker(period)
	defer tick.Stop()
	for range n {
		<-tick.C
	}
	done()
}

// TestWrongBesideSweep waits forever, while a goroutine goes on that only looks at the
// clock.
func TestWrongBesideSweep(t *testing.T) {
	stop := make(chan struct{})
	go sweep(time.Second, 1_000_000, func() {})
	<-stop
}

// TestRightSweep waits for a goroutine that needs 200 ticks.
func TestRightSweep(t *testing.T) {
	stop := make(chan struct{})
	go sweep(time.Second, 200, func() { close(stop) })
	<-stop
}

// TestRightDay waits for a goroutine that sleeps for a day.
func TestRightDay(t *testing.T) {
	stop := make(chan struct{})
	go func() {
		time.Sleep(24 * time.Hour)
		close(stop)
	}()
	<-stop
}

// TestRightDays sleeps for a thousand hours itself.
func TestRightDays(t *testing.T) {
	for range 1000 {
		time.Sleep(time.Hour)
	}
}

// TestWrongSpare: the second goroutine may receive, too. If it does not, it goes on in time
// when the test has ended, which is no failure.
func TestWrongSpare(t *testing.T) {
	parts, called := make(chan int, 1), make(chan bool, 1)
	go func() { <-parts }()
	go func() {
		<-called
		select {
		case <-parts:
			t.Error("the spare one has it")
		case <-time.After(time.Hour):
			for {
				time.Sleep(time.Hour)
			}
		}
	}()
	go func() {
		parts <- 1
		called <- true
	}()
	time.Sleep(1)
}

var opened = time.Now()

// TestRightLater: a later time is later.
func TestRightLater(t *testing.T) {
	if time.Since(opened) <= 0 {
		t.Error("not since it was opened")
	}
	start := time.Now()
	sums := make([]int, 3)
	for i := range sums {
		sums[i] = i
	}
	if time.Since(start) <= 0 {
		t.Error(sums)
	}
	for now := time.Now(); time.Now().Equal(now); {
	}
}

// TestRightReceipts: what is numbered by its time has different numbers, under a lock.
func TestRightReceipts(t *testing.T) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var numbers []int64
	for range 2 {
		wg.Go(func() {
			for range 2 {
				mu.Lock()
				numbers = append(numbers, time.Now().UnixNano())
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if !slices.IsSorted(numbers) || len(slices.Compact(numbers)) != 4 {
		t.Error(numbers)
	}
}

// TestRightSent: a time that was sent is before those that are read after it was received.
func TestRightSent(t *testing.T) {
	sent := make(chan time.Time)
	go func() { sent <- time.Now() }()
	begun := time.Now()
	if at := <-sent; time.Since(at) <= 0 || time.Since(begun) <= 0 {
		t.Error(begun, at)
	}
}

// TestRightImpatient polls, and looks at the time in each round.
func TestRightImpatient(t *testing.T) {
	var ready atomic.Bool
	go func() {
		time.Sleep(time.Millisecond)
		ready.Store(true)
	}()
	for start := time.Now(); !ready.Load(); {
		if time.Since(start) > time.Second {
			t.Error("not ready")
			return
		}
	}
}

// TestRightFired: a timer sends a time that is not before its own.
func TestRightFired(t *testing.T) {
	start := time.Now()
	if at := <-time.After(time.Second); at.Sub(start) < time.Second {
		t.Error(at.Sub(start))
	}
}

// TestWrongBoth: a deadline and a timer of the same time are due together.
func TestWrongBoth(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	select {
	case <-ctx.Done():
	case <-time.After(time.Second):
		t.Error("the timer comes first")
	}
}

func TestWrongBothReverse(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	select {
	case <-ctx.Done():
		t.Error("the deadline comes first")
	case <-time.After(time.Second):
	}
}
