package gotest

import (
	"flag"
	"os/exec"
	"strings"
	"testing"
)

var versions = flag.String("versions", "", "versions of Go to explore the twins and kernels with, as go1.25.14,go1.27.4")

// With each known version of Go, the results for the twins and the kernels are the same. The
// go command downloads the versions; where it cannot, the test is skipped.
func TestVersions(t *testing.T) {
	if *versions == "" {
		t.Skip("no -versions were given: the standard library of each is built, which takes minutes")
	}
	for v := range strings.SplitSeq(*versions, ",") {
		t.Run(v, func(t *testing.T) {
			t.Setenv("GOTOOLCHAIN", v)
			got, err := exec.Command("go", "env", "GOVERSION").CombinedOutput()
			if err != nil || strings.TrimSpace(string(got)) != v {
				t.Skipf("SKIPPED: %s is not there: %v\n%s", v, err, got)
			}
			testModule(t)
			if !testing.Short() {
				testKernels(t)
			}
		})
	}
}
