// Package helper has a goroutine that its TestMain starts.
package helper

import (
	"os"
	"testing"
)

var jobs = make(chan func())

func TestMain(m *testing.M) {
	go func() {
		for job := range jobs {
			job()
		}
	}()
	jobs <- func() {}
	os.Exit(m.Run())
}

// TestUnexploredHelper: the helper does not see the job.
func TestUnexploredHelper(t *testing.T) {
	done := make(chan bool)
	jobs <- func() { close(done) }
	<-done
}

// TestWrongBesideHelper does not use it.
func TestWrongBesideHelper(t *testing.T) {
	done := make(chan bool)
	<-done
}

// TestRightBesideHelper does not use it.
func TestRightBesideHelper(t *testing.T) {
	done := make(chan bool)
	go close(done)
	<-done
}
