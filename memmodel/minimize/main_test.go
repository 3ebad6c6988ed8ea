package minimize

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(800) // as the command: a check leaves much garbage, and few objects behind
	os.Exit(m.Run())
}
