// Package report turns a recorded execution into a readable report: rows by the
// statement of the program, its goroutines, text. It is compiled into the standard
// library of tests that are explored, and so imports little.
package report

import (
	"fmt"
	"slices"
	"strings"

	"crosscall/gocheck/internal/sched"
)

// A Report is an execution with its failure.
type Report struct {
	Kind        string // empty: nothing went wrong
	Message     string
	Stack       string // of a panic
	Seed        string
	Preemptions string // the number of preemptions, as text
	Goroutines  []Goroutine
	Rows        []Row
	Raced       [2]int // the rows of a race, if they differ
	Whole       bool   // Schedule prints all rows, however many
}

// A Goroutine is one that a row is about.
type Goroutine struct {
	Name    string
	Started string // where and by whom; empty for the first
}

// A Row is the steps of a goroutine at one statement, without a step of another in
// between.
type Row struct {
	Goroutine int // index into Goroutines
	Text      string
	Place     string
	File      string
	Line      int
	Style     Style
	Preempts  string // the goroutine that could have gone on, if that is not this one
}

// Style is the kind of a row.
type Style string

const (
	Step    Style = "step"
	Plain   Style = "plain"  // an access to a plain variable
	Remark  Style = "remark" // something that was said
	Failing Style = "failing"
)

// Options select the parts of an execution that are shown.
type Options struct {
	Full   bool // every step by itself; of plain accesses, those of the program
	Plain  bool // all plain accesses: the program announces them
	Hidden bool // operations of drop-ins outside of the program's goroutines
}

// Of is the report of f.
func Of(f *sched.Found, o Options) *Report {
	r := &Report{Message: strings.Join(f.Text, "\n"), Stack: programStack(f.Stack), Whole: o.Full}
	if f.Failed {
		r.Kind = f.Kind.String()
		r.Preemptions = preemptions(f)
	}
	if f.Schedule != nil {
		r.Seed = f.Schedule.String()
	}
	b := builder{Found: f, Options: o, report: r, index: map[int]int{}}
	b.goroutine(0)
	for _, g := range b.groups() {
		b.row(g)
	}
	b.dropArrivals()
	return r
}

func preemptions(f *sched.Found) string {
	s := fmt.Sprintf("%d preemptions", f.Preemptions)
	switch f.Preemptions {
	case 0:
		return "no preemption"
	case 1:
		s = "1 preemption"
	}
	if f.MayShrink {
		s += "; the search for fewer was not finished"
	}
	return s
}

// A builder makes the rows of a report.
type builder struct {
	*sched.Found
	Options
	report *Report
	index  map[int]int // of threads in the report's goroutines
}

func (b *builder) goroutine(thread int) int {
	i, ok := b.index[thread]
	if ok || thread >= len(b.Threads) {
		return i
	}
	i = len(b.report.Goroutines)
	b.index[thread] = i
	t := b.Threads[thread]
	g := Goroutine{Name: t.Name}
	if t.By != "" {
		g.Started = fmt.Sprintf("started at %v by %s", t.At, t.By)
	}
	if t.Timer {
		g.Started = "timer, " + g.Started
	}
	b.report.Goroutines = append(b.report.Goroutines, g)
	return i
}

// dropArrivals drops a row that says that a goroutine begins to wait, if the
// next one says that it waits there forever.
func (b *builder) dropArrivals() {
	r := b.report
	for i := len(r.Rows) - 2; i >= 0 && !b.Full; i-- {
		row, next := r.Rows[i], &r.Rows[i+1]
		if strings.HasPrefix(row.Text, arrives) && next.Style == Failing && row.Goroutine == next.Goroutine && row.Place == next.Place {
			next.Preempts = row.Preempts
			r.Rows = slices.Delete(r.Rows, i, i+1)
		}
	}
	for i := range r.Rows {
		r.Rows[i].Text = strings.TrimPrefix(r.Rows[i].Text, arrives)
	}
}

// arrives marks the text of a row that is only the beginning of a wait, until all
// rows are made.
const arrives = "\x00"
