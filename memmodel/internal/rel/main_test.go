package rel

import (
	"flag"
	"os"
	"testing"
)

// TestMain keeps rapid from writing files: a failure is reproduced by its seed.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
