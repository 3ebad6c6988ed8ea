package check

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

var update = flag.Bool("update", false, "rewrite the files under testdata")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
