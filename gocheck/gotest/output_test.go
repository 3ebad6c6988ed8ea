package gotest

import (
	"strings"
	"testing"
)

// TestOutput: what a test writes is shown once, of the execution that fails if one does,
// and init functions that run again are not seen to write.
func TestOutput(t *testing.T) {
	long(t)
	o := options()
	o.Verbose, o.Run = true, "Prints$"
	code, out := explore(t, o, "shop", "./prints")
	if code != Failed {
		t.Errorf("exit code %d", code)
	}
	inTurn(t, out, "the package begins\n=== RUN   TestPrints\nbody 0\nbody 1\nlogged\nprinted\nwritten\n    holds: 2 executions",
		"=== RUN   TestLastPrints\nthe last is 0\n    assertion: wrong order\n", "--- FAIL: TestLastPrints")
	for _, once := range []string{"the package begins", "body 0", "printed", "the last is"} {
		if n := strings.Count(out, once); n != 1 {
			t.Errorf("%q is shown %d times:\n%s", once, n, out)
		}
	}
}

// TestLongAlone: the bound on steps is for executions that differ from others.
func TestLongAlone(t *testing.T) {
	long(t)
	o := options()
	o.Verbose, o.Run = true, "TestLong"
	code, out := explore(t, o, "shop", "./prints")
	if code != OK || !strings.Contains(out, "holds: 1 executions") {
		t.Errorf("exit code %d: %s", code, out)
	}
}
