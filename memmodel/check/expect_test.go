package check

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestResultComments(t *testing.T) {
	for said, want := range map[string]Expected{
		"":                      {States: -1},
		"Maybe":                 {States: -1},
		"Maybe (compiler!)":     {States: -1},
		"Never":                 {States: -1, Observation: Never},
		"Sometimes":             {States: -1, Observation: Sometimes},
		"Always":                {States: -1, Observation: Always},
		"Sometimes DATARACE":    {States: -1, Observation: Sometimes, Flags: []string{"data-race"}},
		"DEADLOCK":              {States: 0, Observation: Never},
		"Flag srcu-bad-nesting": {States: -1, Flags: []string{"srcu-bad-nesting"}},
		"Flag":                  {States: -1},
		"Sometimes (but requires modeling the compiler)": {States: -1, Observation: Sometimes},
	} {
		if diff := cmp.Diff(want, parseSaid(said)); diff != "" {
			t.Errorf("%q: %s", said, diff)
		}
	}
}

func TestComparison(t *testing.T) {
	const none = -1
	never := &Result{Verdict: Fails, Observation: Never, Complete: true, stateCount: 3, Negative: 7}
	race := &Result{Verdict: Holds, Observation: Sometimes, Complete: true, stateCount: 4, Flags: []string{"data-race"}}
	always := &Result{Verdict: Holds, Observation: Always, Complete: true, stateCount: 1}
	witness := &Result{Verdict: Holds, Observation: Sometimes, Otherwise: Always, Complete: true, VerdictOnly: true}
	failed := &Result{Verdict: Error, Err: errors.New("no such thing")}
	timeout := &Result{Verdict: Incomplete, Reason: "timeout", stateCount: 5, Negative: 5}
	timeoutWithWitness := &Result{Verdict: Holds, Observation: Sometimes, Reason: "timeout", stateCount: 5}
	for _, c := range []struct {
		name   string
		result *Result
		want   Expected
		how    Comparison
		why    string
	}{
		{"same", never, Expected{Observation: Never, States: 3, FlagsKnown: true}, Agrees, ""},
		{"nothing said", never, Expected{States: none}, NothingExpected, ""},
		{"observation", never, Expected{Observation: Sometimes, States: none}, Differs, "Never, expected Sometimes"},
		{"states", never, Expected{Observation: Never, States: 4}, Differs, "3 states, expected 4"},
		{"all", race, Expected{Observation: Never, States: 0, FlagsKnown: true}, Differs,
			"Sometimes, expected Never; 4 states, expected 0; flag data-race not expected"},
		{"flag missing", never, Expected{States: none, Flags: []string{"data-race"}}, Differs, "no flag data-race"},
		{"other flag", race, Expected{States: none, Flags: []string{"mixed"}, FlagsKnown: true}, Differs,
			"no flag mixed; flag data-race not expected"},
		{"more flags than said", race, Expected{Observation: Sometimes, States: none}, Agrees, ""},
		{"deadlock", never, parseSaid("DEADLOCK"), Differs, "3 states, expected 0"},

		{"loose", always, Expected{Observation: Sometimes, States: none, Loose: true}, Agrees, ""},
		{"not loose", always, Expected{Observation: Sometimes, States: none}, Differs, "Always, expected Sometimes"},
		{"loose, yet different", never, Expected{Observation: Sometimes, States: none, Loose: true}, Differs, "Never, expected Sometimes"},

		{"one witness, Sometimes", witness, Expected{Observation: Sometimes, States: 9, Flags: []string{"data-race"}, FlagsKnown: true}, Agrees, ""},
		{"one witness, Always", witness, Expected{Observation: Always, States: 9}, Agrees, ""},
		{"one witness, Never", witness, Expected{Observation: Never, States: 9}, Differs, "Sometimes, expected Never"},

		{"error", failed, Expected{Observation: Never, States: none}, Failed, "no such thing"},
		{"error, nothing said", failed, Expected{States: none}, Failed, "no such thing"},

		{"incomplete", timeout, Expected{Observation: Never, States: none}, NotFinished, "timeout"},
		{"incomplete, nothing said", timeout, Expected{States: none}, NotFinished, "timeout"},
		{"incomplete, flag may come", timeout, Expected{States: none, Flags: []string{"data-race"}}, NotFinished, "timeout"},
		{"incomplete, states may come", timeout, Expected{States: 6}, NotFinished, "timeout"},
		{"incomplete, too many states", timeout, Expected{States: 4}, Differs, "5 states, expected 4"},
		{"incomplete, as seen", timeoutWithWitness, Expected{Observation: Sometimes, States: none}, NotFinished, "timeout"},
		{"incomplete, not as seen", timeoutWithWitness, Expected{Observation: Never, States: none}, Differs, "Sometimes, expected Never"},
	} {
		if how, why := Compare(c.result, c.want); how != c.how || why != c.why {
			t.Errorf("%s: %d %q, want %d %q", c.name, how, why, c.how, c.why)
		}
	}
}

func TestExpectationsOfATable(t *testing.T) {
	dir := t.TempDir()
	table := filepath.Join(dir, "t.csv")
	write(t, table, `note,flags,file,observation,states
,,a/x.litmus,Never,3
"speaks, with a comma",data-race;aliasing,y.litmus,Sometimes,12
by another mode,,z.litmus,Sometimes,
`)
	x, err := ReadExpectations(table)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "copy", "y.litmus")
	for _, c := range []struct {
		file File
		want Expected
	}{
		{File{filepath.Join(dir, "a", "x.litmus"), "x.litmus"}, Expected{Observation: Never, States: 3, FlagsKnown: true, Flags: []string{}}},
		{File{elsewhere, "y.litmus"}, Expected{Observation: Sometimes, States: 12, FlagsKnown: true, Flags: []string{"aliasing", "data-race"}}},
		{File{"x.litmus", "x.litmus"}, Expected{States: -1}}, // it is in a folder, in the table
		{File{"z.litmus", "./z.litmus"}, Expected{Observation: Sometimes, States: -1, Loose: true}},
	} {
		if diff := cmp.Diff(c.want, x.Of(c.file)); diff != "" {
			t.Errorf("%v: %s", c.file, diff)
		}
	}
}

func TestATableWithFewColumns(t *testing.T) {
	name := filepath.Join(t.TempDir(), "t.csv")
	write(t, name, "file,observation\nx.litmus,Always\n")
	x, err := ReadExpectations(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Expected{Observation: Always, States: -1}, x.Of(File{"x.litmus", "x.litmus"})); diff != "" {
		t.Error(diff)
	}
}

func TestBadTables(t *testing.T) {
	for content, want := range map[string]string{
		"":                                      ":1:1: empty",
		"file,states\n":                         `:1:1: no column "observation"`,
		"file,observation\nx,Often\n":           `:2:1: observation "Often"`,
		"file,observation,states\nx,Never,-1\n": `:2:1: states "-1"`,
		"file,observation\nx\n":                 ": record on line 2: wrong number of fields",
	} {
		name := filepath.Join(t.TempDir(), "t.csv")
		write(t, name, content)
		if _, err := ReadExpectations(name); err == nil || !strings.HasPrefix(err.Error(), name+want) {
			t.Errorf("%q: error %v, want %s%s ...", content, err, name, want)
		}
	}
}

func TestSummary(t *testing.T) {
	s := new(Summary)
	said := Expected{Observation: Never, States: -1}
	s.Add(&Result{File: "a", Observation: Never, Verdict: Fails, Complete: true}, said)
	s.Add(&Result{File: "b", Observation: Always, Verdict: Holds, Complete: true}, said)
	s.Add(&Result{File: "c", Verdict: Incomplete, Reason: "interrupted"}, said)
	s.Add(&Result{File: "d", Verdict: Error, Err: errors.New("d:1:2: what is this?")}, said)
	s.Add(&Result{File: "e", Observation: Always, Verdict: Holds, Complete: true}, Expected{States: -1})
	var b strings.Builder
	if err := s.WriteText(&b, 1500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	const want = `  differs     b: Always, expected Never
  incomplete  c: interrupted
  error       d: d:1:2: what is this?
Summary: 5 tests, 1 agree, 1 differ, 1 incomplete, 1 errors, 1 without expectation, 1.50 s
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, name string) {
	t.Helper()
	if err := os.Mkdir(name, 0o777); err != nil {
		t.Fatal(err)
	}
}

// A table with a byte order mark is read. A table that names a file twice is refused. A
// table of which no row is used is an error at the end.
func TestTables(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\ufefffile,observation\na.litmus,Never\n", ""},
		{"file,observation\na.litmus,Never\n./a.litmus,Always\n", ":3:1: there are two rows of a.litmus"},
		{"file,observation,observation\na.litmus,Never,Always\n", `:1:1: two columns "observation" in the first line`},
		{"file,observation\nb.litmus,Never\n", "no row names a file that was checked"},
	} {
		name := filepath.Join(t.TempDir(), "table.csv")
		write(t, name, c.text)
		x, err := ReadExpectations(name)
		if err == nil {
			x.Of(File{"a.litmus", "a.litmus"})
			err = x.Unused()
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

// A C program without an expected result is expected to hold.
func TestAProgramIsExpectedToHold(t *testing.T) {
	for _, c := range []struct {
		r    Result
		want Comparison
	}{
		{Result{Verdict: Holds, Complete: true}, Agrees},
		{Result{Verdict: Fails, Complete: true}, Differs},
		{Result{Verdict: Incomplete, Reason: "timeout"}, NotFinished},
	} {
		c.r.Safety = true
		if got, _ := Compare(&c.r, Expected{States: -1}); got != c.want {
			t.Errorf("%s: %v", c.r.Verdict, got)
		}
	}
}
