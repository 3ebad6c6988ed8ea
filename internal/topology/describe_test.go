package topology

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/cpumask"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

// checkTranscript compares what Describe prints with testdata/name.txt.
func checkTranscript(t *testing.T, name string, topo *Topology) {
	t.Helper()
	var got strings.Builder
	if err := topo.Describe(&got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A checkout on Windows may have put carriage returns into the file.
	if diff := cmp.Diff(strings.ReplaceAll(string(want), "\r\n", "\n"), got.String()); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", file, diff)
	}
}

// Two CPUs of which only the number is known, as outside Linux.
func TestDescribeUnknown(t *testing.T) {
	both := cpumask.Range(0, 1)
	checkTranscript(t, "unknown", &Topology{
		Usable: both,
		Nodes:  []Node{{ID: 0, CPUs: both}},
		CPUs:   []CPU{aloneCPU(0), aloneCPU(1)},
		Notes:  []string{"only the number of CPUs is known"},
	})
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestDescribeReturnsTheWritersError(t *testing.T) {
	want := errors.New("disk full")
	if err := new(Topology).Describe(brokenWriter{want}); err != want {
		t.Errorf("Describe = %v, want %v", err, want)
	}
}
