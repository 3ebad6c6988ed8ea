package sched

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for coroutines that were not ended, and keeps rapid from writing
// files: a failure is reproduced by its seed.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}
