package check

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"crosscall/memmodel/internal/explore"
)

// An Expected is the expected result of a test.
type Expected struct {
	Observation Observation // Unknown: says nothing
	States      int         // -1: says nothing
	Flags       []string
	FlagsKnown  bool // Flags are all flags; otherwise those that the result must at least have
	// Loose means that Sometimes and Always are not distinguished.
	Loose bool

	// Verdict is of a C program; "" says nothing. Kind is of its failure; "" is any.
	Verdict Verdict
	Kind    explore.FailureKind
}

func (e Expected) empty() bool {
	return e.Verdict == "" && e.Observation == Unknown && e.States < 0 && !e.FlagsKnown && len(e.Flags) == 0
}

// parseSaid reads a "Result:" comment as in the kernel's tests: Always,
// Sometimes, Never or DEADLOCK, perhaps followed by DATARACE, or "Flag NAME".
// Anything else, such as "Maybe", says nothing.
func parseSaid(said string) Expected {
	e := Expected{States: -1}
	words := strings.Fields(said)
	if len(words) == 0 {
		return e
	}
	switch o := Observation(words[0]); o {
	case Always, Sometimes, Never:
		e.Observation = o
	case "DEADLOCK":
		e.Observation, e.States = Never, 0
	case "Flag":
		if len(words) > 1 {
			e.Flags = words[1:2]
		}
		return e
	}
	if slices.Contains(words, "DATARACE") {
		e.Flags = []string{"data-race"}
	}
	return e
}

// Expectations are a table of expected results, by file.
type Expectations struct {
	name   string
	dir    string // of the table: its paths may be relative to it
	byFile map[string]Expected
	used   bool // some row was asked for
}

// ReadExpectations reads a CSV file whose first line names its columns: file
// and observation, and optionally states and flags (separated by ";"). Other
// columns are ignored. A file is the path of a test below the folder of the
// table, or below the folder that is checked. If the column of states is empty
// in a row, the row is from a mode that finds no flags and does not distinguish
// Always from Sometimes.
func ReadExpectations(name string) (*Expectations, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	dir, err := filepath.Abs(filepath.Dir(name))
	if err != nil {
		return nil, err
	}
	x := &Expectations{name: name, dir: dir, byFile: map[string]Expected{}}
	text := bufio.NewReader(file)
	if mark, _ := text.Peek(len(byteOrderMark)); string(mark) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark)) // as spreadsheets write it
	}
	if err := x.read(name, csv.NewReader(text)); err != nil {
		return nil, err
	}
	return x, nil
}

// readColumns are those that are not ignored.
var readColumns = []string{"file", "observation", "states", "flags"}

func (x *Expectations) read(file string, r *csv.Reader) error {
	header, err := r.Read()
	if err == io.EOF {
		return fmt.Errorf("%s:1:1: empty; the first line must name the columns: file, observation, states, flags", file)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	columns := map[string]int{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if _, twice := columns[name]; twice && slices.Contains(readColumns, name) {
			return fmt.Errorf("%s:1:1: two columns %q in the first line", file, name)
		}
		columns[name] = i
	}
	for _, name := range []string{"file", "observation"} {
		if _, ok := columns[name]; !ok {
			return fmt.Errorf("%s:1:1: no column %q in the first line", file, name)
		}
	}
	for {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", file, err) // which names the line
		}
		e, err := expectedOf(record, columns)
		if err != nil {
			line, col := r.FieldPos(0)
			return fmt.Errorf("%s:%d:%d: %w", file, line, col, err)
		}
		of := filepath.Clean(record[columns["file"]])
		if _, twice := x.byFile[of]; twice {
			line, col := r.FieldPos(columns["file"])
			return fmt.Errorf("%s:%d:%d: there are two rows of %s", file, line, col, of)
		}
		x.byFile[of] = e
	}
}

func expectedOf(record []string, columns map[string]int) (e Expected, err error) {
	e.States = -1
	switch o := Observation(record[columns["observation"]]); o {
	case Always, Sometimes, Never, Unknown:
		e.Observation = o
	default:
		return e, fmt.Errorf("observation %q: must be Always, Sometimes, Never or empty", o)
	}
	i, ok := columns["states"]
	switch {
	case ok && record[i] == "":
		e.Loose = true
		return e, nil
	case ok:
		if e.States, err = strconv.Atoi(record[i]); err != nil || e.States < 0 {
			return e, fmt.Errorf("states %q: must be a number or empty", record[i])
		}
	}
	if i, ok := columns["flags"]; ok {
		e.FlagsKnown = true
		e.Flags = strings.FieldsFunc(record[i], func(r rune) bool { return r == ';' })
		slices.Sort(e.Flags)
	}
	return e, nil
}

const byteOrderMark = "\ufeff"

// Unused returns an error if no row names a file that was checked: the table then
// belongs to another folder.
func (x *Expectations) Unused() error {
	if x == nil || x.used {
		return nil
	}
	return fmt.Errorf("%s: no row names a file that was checked: a file is a path below the table's folder, or below the folder that is checked", x.name)
}

// Of returns the expected result of f. It says nothing if the table does not have f.
func (x *Expectations) Of(f File) Expected {
	e, ok := x.find(f)
	if !ok {
		return Expected{States: -1}
	}
	x.used = true
	return e
}

func (x *Expectations) find(f File) (Expected, bool) {
	if abs, err := filepath.Abs(f.Path); err == nil {
		if rel, err := filepath.Rel(x.dir, abs); err == nil {
			if e, ok := x.byFile[rel]; ok {
				return e, true
			}
		}
	}
	e, ok := x.byFile[filepath.Clean(f.Rel)]
	return e, ok
}

// A Comparison is the relation of a result to the expected one.
type Comparison uint8

const (
	NothingExpected Comparison = iota
	Agrees
	Differs
	NotFinished
	Failed // the test could not be run
)

// Compare compares r with e, and describes the difference. Parts that r did not
// look for are not compared. An incomplete result differs if its executions
// already contradict e.
func Compare(r *Result, e Expected) (Comparison, string) {
	switch {
	case r.Verdict == Error:
		return Failed, r.Err.Error()
	case e.empty() && r.Safety:
		return compareProgram(r)
	case e.empty() && !r.Complete:
		return NotFinished, r.Reason
	case e.empty():
		return NothingExpected, ""
	}
	differences := slices.DeleteFunc([]string{
		verdictDiffers(r, e), observationDiffers(r, e), statesDiffer(r, e), flagsDiffer(r, e),
	}, func(s string) bool { return s == "" })
	switch {
	case len(differences) > 0:
		return Differs, strings.Join(differences, "; ")
	case !r.Complete:
		return NotFinished, r.Reason
	}
	return Agrees, ""
}

// compareProgram compares the result of a C program without an expected result: it
// is expected to hold.
func compareProgram(r *Result) (Comparison, string) {
	switch {
	case r.Verdict == Holds:
		return Agrees, ""
	case r.Verdict == Incomplete:
		return NotFinished, r.Reason
	case r.Failure != nil:
		return Differs, r.Failure.String()
	}
	return Differs, "fails"
}

func observationDiffers(r *Result, e Expected) string {
	o := r.Observation
	switch {
	case e.Observation == Unknown || o == Unknown || o == e.Observation || r.Otherwise == e.Observation:
		return ""
	case e.Loose && o != Never && e.Observation != Never:
		return ""
	}
	return fmt.Sprintf("%s, expected %s", o, e.Observation)
}

func statesDiffer(r *Result, e Expected) string {
	n := r.States()
	switch {
	case r.VerdictOnly || e.States < 0 || n == e.States || !r.Complete && n < e.States:
		return ""
	}
	return fmt.Sprintf("%d states, expected %d", n, e.States)
}

func flagsDiffer(r *Result, e Expected) string {
	if r.VerdictOnly {
		return ""
	}
	missing := without(e.Flags, r.Flags)
	if !r.Complete {
		missing = nil
	}
	var extra []string
	if e.FlagsKnown {
		extra = without(r.Flags, e.Flags)
	}
	var all []string
	if len(missing) > 0 {
		all = append(all, "no flag "+strings.Join(missing, ", "))
	}
	if len(extra) > 0 {
		all = append(all, "flag "+strings.Join(extra, ", ")+" not expected")
	}
	return strings.Join(all, "; ")
}

func without(a, b []string) (rest []string) {
	for _, s := range a {
		if !slices.Contains(b, s) {
			rest = append(rest, s)
		}
	}
	return rest
}
