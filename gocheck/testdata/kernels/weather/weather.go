// Package weather asks a station for the temperature, for a limited time.
package weather

import (
	"errors"
	"time"
)

var errLate = errors.New("the station is late")

// askBroken leaves the station's goroutine behind when the time is over.
func askBroken(station func() int, limit time.Duration) (int, error) {
	answer := make(chan int)
	go func() {
		answer <- station() // BUG leak: the time is over, and nobody receives the answer
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(limit):
		return 0, errLate
	}
}

// askFixed has room for a late answer.
func askFixed(station func() int, limit time.Duration) (int, error) {
	answer := make(chan int, 1)
	go func() {
		answer <- station()
	}()
	select {
	case a := <-answer:
		return a, nil
	case <-time.After(limit):
		return 0, errLate
	}
}
