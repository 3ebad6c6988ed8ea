package gocheck_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"crosscall/internal/golden"
)

const kernelsDir = "testdata/kernels"

// kernel is a package with two tests: TestBroken, which has one bug, and
// TestFixed, which has none.
type kernel struct {
	name  string
	kind  string // of failure
	place string // file:line of the statement that the report must name
	bug   string
}

// bugMark is the comment at the statement that the report must name.
var bugMark = regexp.MustCompile(`// BUG (deadlock|leak|livelock|race|panic|assertion|misuse): (.+)`)

// readKernels reads all kernels, in the order of their names.
func readKernels(t *testing.T) []kernel {
	t.Helper()
	tests, err := filepath.Glob(kernelsDir + "/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []kernel
	for _, test := range tests {
		all = append(all, readKernel(t, filepath.Dir(test)))
	}
	return all
}

func readKernel(t *testing.T, dir string) kernel {
	t.Helper()
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	k := kernel{name: filepath.Base(dir)}
	marks := 0
	for _, file := range files {
		for i, line := range readLines(t, file) {
			if m := bugMark.FindStringSubmatch(line); m != nil {
				k.kind, k.bug = m[1], m[2]
				k.place = fmt.Sprintf("%s:%d", filepath.Base(file), i+1)
				marks++
			}
		}
	}
	if marks != 1 {
		t.Errorf("%s has %d statements marked BUG, want 1", dir, marks)
	}
	return k
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// The list of the kernels has the expected result of each test.
func TestKernelsAreListed(t *testing.T) {
	var b strings.Builder
	b.WriteString("# package, test, verdict, kind, place that the report names, the bug\n")
	for _, k := range readKernels(t) {
		fmt.Fprintf(&b, "%-12s TestBroken  fails  %-9s  %-20s  %s\n", k.name, k.kind, k.place, k.bug)
		fmt.Fprintf(&b, "%-12s TestFixed   holds\n", k.name)
	}
	golden.Compare(t, kernelsDir+"/expected.txt", b.String())
}
