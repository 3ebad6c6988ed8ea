package proofs

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var (
	full = flag.Bool("full", false, "explore the large cases, too")
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
