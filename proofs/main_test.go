package proofs

import (
	"flag"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

var (
	full = flag.Bool("full", false, "explore the large cases, too")
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // as the command: a check leaves much garbage, and few objects behind
	goleak.VerifyTestMain(m)
}
