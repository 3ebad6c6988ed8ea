package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A Result is the result of the exploration of a test.
type Result struct {
	Test                       string
	Verdict                    string // holds, fails, incomplete, not explored; passes: the one execution that was run
	Reason                     string // of incomplete and not explored
	Replay                     string // the command
	Executions, Blocked, Steps int64
	Failure                    *Report // of fails
}

// Write writes r for Read: a line for each field, of quoted values.
func (r *Result) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	line(b, "test", r.Test, r.Verdict, r.Reason, r.Replay, r.Executions, r.Blocked, r.Steps)
	if f := r.Failure; f != nil {
		line(b, "failure", f.Kind, f.Message, f.Stack, f.Seed, f.Preemptions, f.Raced[0], f.Raced[1])
		for _, g := range f.Goroutines {
			line(b, "goroutine", g.Name, g.Started)
		}
		for _, row := range f.Rows {
			line(b, "row", row.Goroutine, row.Text, row.Place, row.File, row.Line, string(row.Style), row.Preempts)
		}
	}
	return b.Flush()
}

// line drops the error, because the writer returns it at its Flush.
func line(w io.Writer, name string, values ...any) {
	for _, v := range values {
		name += "\t" + strconv.Quote(fmt.Sprint(v))
	}
	_, _ = fmt.Fprintln(w, name)
}

var errRecord = errors.New("the record of results is damaged")

// Read reads the results that Write has written.
func Read(r io.Reader) (list []*Result, err error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	for l := range strings.Lines(string(text)) {
		name, rest, _ := strings.Cut(strings.TrimSuffix(l, "\n"), "\t")
		f, err := parseFields(rest)
		if err != nil {
			return list, err
		}
		if name == "test" {
			list = append(list, &Result{})
		}
		if len(list) == 0 || !list[len(list)-1].set(name, f) {
			return list, errRecord
		}
	}
	return list, nil
}

// fields are the values of a line.
type fields []string

func parseFields(text string) (f fields, err error) {
	for q := range strings.SplitSeq(text, "\t") {
		v, err := strconv.Unquote(q)
		if err != nil {
			return nil, errRecord
		}
		f = append(f, v)
	}
	return f, nil
}

func (f fields) number(i int) int64 {
	n, _ := strconv.ParseInt(f[i], 10, 64)
	return n
}

func (r *Result) set(name string, f fields) bool {
	switch x := r.Failure; {
	case name == "test" && len(f) == 7:
		*r = Result{Test: f[0], Verdict: f[1], Reason: f[2], Replay: f[3], Executions: f.number(4), Blocked: f.number(5), Steps: f.number(6)}
	case name == "failure" && len(f) == 7:
		r.Failure = &Report{Kind: f[0], Message: f[1], Stack: f[2], Seed: f[3], Preemptions: f[4], Raced: [2]int{int(f.number(5)), int(f.number(6))}}
	case x == nil:
		return false
	case name == "goroutine" && len(f) == 2:
		x.Goroutines = append(x.Goroutines, Goroutine{f[0], f[1]})
	case name == "row" && len(f) == 7:
		x.Rows = append(x.Rows, Row{int(f.number(0)), f[1], f[2], f[3], int(f.number(4)), Style(f[5]), f[6]})
	default:
		return false
	}
	return true
}
