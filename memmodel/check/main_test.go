package check

import (
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // as the command: a check leaves much garbage, and few objects behind
	goleak.VerifyTestMain(m)
}
