package counts

import (
	"sync"
	"testing"
)

// done calls Done, and reports whether it has panicked because the counter is negative.
func done(wg *sync.WaitGroup) (panicked bool) {
	defer func() { panicked = recover() == "sync: negative WaitGroup counter" }()
	wg.Done()
	return
}

func TestRightRecovered(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Done()
	if !done(&wg) {
		t.Fatal("Done of a counter of 0 does not panic")
	}
}

func TestWrongNegative(t *testing.T) {
	var wg sync.WaitGroup
	wg.Add(1)
	wg.Done()
	wg.Done()
}

// After the panic the counter is -1, as that of the standard library.
func TestRightAfterNegative(t *testing.T) {
	var wg sync.WaitGroup
	done(&wg)
	wg.Add(1)
	wg.Wait()
}

func TestWrongAfterNegative(t *testing.T) {
	var wg sync.WaitGroup
	done(&wg)
	wg.Wait()
}

// twice calls Done of a counter of 1 in two goroutines. Either may come second.
func twice() (first, second bool) {
	var counter, ended sync.WaitGroup
	counter.Add(1)
	ended.Go(func() { first = done(&counter) })
	ended.Go(func() { second = done(&counter) })
	ended.Wait()
	return first, second
}

func TestRightEither(t *testing.T) {
	if first, second := twice(); first == second {
		t.Fatal(first, second)
	}
}

func TestWrongFirstPanics(t *testing.T) {
	if first, _ := twice(); first {
		t.Fatal("the first one has panicked")
	}
}

func TestWrongSecondPanics(t *testing.T) {
	if _, second := twice(); second {
		t.Fatal("the second one has panicked")
	}
}

// Only one of the two recovers.
func TestWrongOneRecovers(t *testing.T) {
	var counter, ended sync.WaitGroup
	counter.Add(1)
	ended.Go(func() { done(&counter) })
	ended.Go(func() { counter.Done() })
	ended.Wait()
}

// Another panic than the misuse ends the goroutine.
func TestWrongOtherPanic(t *testing.T) {
	var wg sync.WaitGroup
	defer func() { panic(recover().(string) + "!") }()
	wg.Done()
}
