// Package channels has tests of channels, right and wrong ones.
package channels

import (
	"errors"
	"testing"
)

var errTaken = errors.New("taken")

// first returns what the fastest of sources says. The channel of the right one
// has room for all, so that the slow ones end too.
func first(room int, sources ...func() string) string {
	c := make(chan string, room)
	for _, s := range sources {
		go func() { c <- s() }()
	}
	return <-c
}

func red() string  { return "red" }
func blue() string { return "blue" }

func TestRightFirst(t *testing.T) {
	if s := first(2, red, blue); s != "red" && s != "blue" {
		t.Fatal(s)
	}
}

func TestWrongFirst(t *testing.T) { first(0, red, blue) }

func TestWrongFirstIsRed(t *testing.T) {
	if s := first(2, red, blue); s != "red" {
		t.Errorf("first is %s", s)
	}
}

// stop closes done at most once if it guards it.
func stop(done chan struct{}, guard chan struct{}) {
	if guard != nil {
		select {
		case guard <- struct{}{}:
		default:
			return
		}
	} else {
		select {
		case <-done:
			return
		default:
		}
	}
	close(done)
}

func stopTwice(guard chan struct{}) {
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		stop(done, guard)
		close(ended)
	}()
	stop(done, guard)
	<-ended
	<-done
}

func TestRightStop(t *testing.T) { stopTwice(make(chan struct{}, 1)) }

func TestWrongStop(t *testing.T) { stopTwice(nil) }

// book takes a seat, or says that another has it.
func book(seat chan int) error {
	select {
	case <-seat:
		return nil
	default:
		return errTaken
	}
}

func TestRightBook(t *testing.T) {
	seat := make(chan int, 1)
	seat <- 7
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- book(seat) }()
	}
	if a, b := <-results, <-results; (a == nil) == (b == nil) {
		t.Fatal(a, b)
	}
}

func TestWrongBook(t *testing.T) {
	seat := make(chan int, 1)
	go func() { seat <- 7 }()
	if err := book(seat); err != nil {
		t.Fatal("no seat")
	}
}

func TestRightRange(t *testing.T) {
	c := make(chan int)
	go func() {
		defer close(c)
		for i := range 3 {
			c <- i
		}
	}()
	sum := 0
	for i := range c {
		sum += i
	}
	if sum != 3 {
		t.Fatal(sum)
	}
}

func TestWrongRange(t *testing.T) {
	c := make(chan int)
	go func() {
		for i := range 3 {
			c <- i
		}
	}()
	for range c {
	}
}

// TestWrongHelpers: each of two goroutines starts a helper, and the second one's may be the
// first.
func TestWrongHelpers(t *testing.T) {
	done := make(chan int, 4)
	for i := range 2 {
		go func() {
			done <- i
			go func() { done <- i + 10 }()
		}()
	}
	if a, b, c := <-done, <-done, <-done; a == 1 && b == 11 && c == 0 {
		t.Error("the second one and its helper come first")
	}
	<-done
}
