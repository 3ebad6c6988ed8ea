package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The table in the documents is what the command prints.
func TestTheDocumentShowsTheSimulation(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs/cluster.md"))
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"simulate"}, &stdout, &stderr); code != 0 {
		t.Fatal(stderr.String())
	}
	if want := "$ crosscall-cluster simulate\n" + stdout.String() + "```\n"; !strings.Contains(string(page), want) {
		t.Errorf("docs/cluster.md does not have\n%s", want)
	}
}

// One worker takes the time of the work and what messages cost; more take less, and never
// less than the work divided among them.
func TestSimulation(t *testing.T) {
	s := &simulation{tests: 1000, test: 50 * time.Millisecond, exploration: 10 * time.Minute, budget: time.Second,
		costs: costs{time.Millisecond, time.Millisecond, time.Millisecond}}
	last := map[bool]time.Duration{}
	for _, workers := range []int{1, 2, 8, 32} {
		for _, one := range []bool{false, true} {
			work, o := time.Duration(s.tests)*s.test, s.corpus(workers)
			if one {
				work, o = s.exploration, s.explore(workers)
			}
			if least := work / time.Duration(workers); o.took < least || workers == 1 && o.took > work*105/100 {
				t.Errorf("%d workers, one exploration %v: %v, of %v", workers, one, o.took, least)
			}
			if workers > 1 && o.took >= last[one] {
				t.Errorf("%d workers, one exploration %v: %v, and fewer take %v", workers, one, o.took, last[one])
			}
			last[one] = o.took
		}
	}
}

// The measured costs are those of the operations that the simulation has.
func TestMeasuredCosts(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("takes /proc")
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"simulate", "--measure", "500", "--workers", "1,10"}, &stdout, &stderr); code != 0 {
		t.Fatal(stderr.String())
	}
	first, table, _ := strings.Cut(stdout.String(), "\n")
	flags, ok := strings.CutPrefix(first, "measured: ")
	if !ok {
		t.Fatal(stdout.String())
	}
	stdout.Reset()
	if code := run(t.Context(), append([]string{"simulate", "--workers", "1,10"}, strings.Fields(flags)...), &stdout, &stderr); code != 0 || stdout.String() != table {
		t.Errorf("exit code %d; with %s\n%s\nwant\n%s", code, flags, &stdout, table)
	}
}
