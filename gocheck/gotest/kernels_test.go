package gotest

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"
)

// expectation is a line of the list of kernels.
type expectation struct{ pkg, test, verdict, kind, place string }

func readExpectations(t *testing.T) (all []expectation) {
	t.Helper()
	f, err := os.Open("../testdata/kernels/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		e := expectation{pkg: "kernels/" + fields[0], test: fields[1], verdict: fields[2]}
		if e.verdict == "fails" {
			e.kind, e.place = fields[3], fields[4]
		}
		all = append(all, e)
	}
	return all
}

var (
	endOfPackage = regexp.MustCompile(`(?m)^(?:ok  |FAIL)\t(\S+)`)
	resultOfTest = regexp.MustCompile(`(?m)^--- (PASS|FAIL): (\w+) `)
)

// reports divides the output of a verbose run by package and test.
func reports(out string) map[string]string {
	all, start := map[string]string{}, 0
	for _, end := range endOfPackage.FindAllStringSubmatchIndex(out, -1) {
		pkg, text := out[end[2]:end[3]], out[start:end[0]]
		results := resultOfTest.FindAllStringSubmatchIndex(text, -1)
		for i, r := range results {
			from := 0
			if i > 0 {
				from = results[i-1][1]
			}
			to := len(text)
			if i+1 < len(results) {
				to = results[i+1][0]
			}
			all[pkg+" "+text[r[4]:r[5]]] = text[from:to]
		}
		start = end[1]
	}
	return all
}

// Each kernel fails where it is broken, in the way and at the place that its
// list says, and holds where it is fixed.
func TestKernels(t *testing.T) {
	long(t)
	testKernels(t)
}

func testKernels(t *testing.T) {
	t.Helper()
	o := options()
	_, out := explore(t, o, "../../testdata/kernels", "./...")
	got := reports(out)
	expected := readExpectations(t)
	if len(expected) < 2*30 {
		t.Fatalf("%d tests of kernels", len(expected))
	}
	for _, e := range expected {
		text := got[e.pkg+" "+e.test]
		failed := strings.Contains(text, "--- FAIL: "+e.test)
		switch {
		case text == "":
			t.Errorf("%s %s: no result", e.pkg, e.test)
		case e.verdict == "holds" && (failed || !strings.Contains(text, "holds: ")):
			t.Errorf("%s %s: want holds:\n%s", e.pkg, e.test, text)
		case e.verdict == "fails" && !(failed && strings.Contains(text, e.kind+": ") && strings.Contains(text, e.place)):
			t.Errorf("%s %s: want %s at %s:\n%s", e.pkg, e.test, e.kind, e.place, text)
		}
	}
}
