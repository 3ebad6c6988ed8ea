// Package worker has a goroutine that init starts, and that does what it is given.
package worker

import (
	"fmt"
	"testing"
)

var jobs = make(chan func())

func init() {
	go func() {
		for job := range jobs {
			job()
		}
	}()
}

// do has the worker do a job.
func do(job func()) {
	done := make(chan bool)
	jobs <- func() { job(); close(done) }
	<-done
}

// TestRightWorker: the worker has not leaked, though it waits when the test has returned.
func TestRightWorker(t *testing.T) {
	n := 0
	do(func() { n++ })
	if n != 1 {
		t.Error(n)
	}
}

// TestWrongWorkerStarts: a goroutine that the worker has started for the test has.
func TestWrongWorkerStarts(t *testing.T) {
	never := make(chan bool)
	do(func() { go func() { <-never }() })
}

// TestWrongWorkerWaits: the test waits for the worker, and the worker for the test.
func TestWrongWorkerWaits(t *testing.T) {
	never := make(chan bool)
	do(func() { <-never })
}

// The process's own worker has been stopped when this would run.
func Example() {
	do(func() { fmt.Println("done") })
	// Output: done
}
