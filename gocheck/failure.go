package gocheck

import (
	"fmt"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// Kind says what went wrong.
type Kind string

const (
	Assertion      Kind = "assertion"      // Errorf or Fatalf
	Panic          Kind = "panic"          // of a goroutine
	Race           Kind = "race"           // two accesses without an order, one of them plain
	Deadlock       Kind = "deadlock"       // goroutines wait for each other
	Leak           Kind = "leak"           // the body has returned, and a goroutine waits forever
	Livelock       Kind = "livelock"       // goroutines spin on what nobody will change
	Misuse         Kind = "misuse"         // Unlock of a free lock and the like
	Outlived       Kind = "outlived"       // a variable was used by two executions
	Nondeterminism Kind = "nondeterminism" // the same schedule led elsewhere
)

// A Failure is an execution that went wrong.
type Failure struct {
	Kind    Kind   // empty: nothing went wrong in it (Replay of a seed that passes)
	Message string // what, and for a race both places
	Stack   string // of a panic
	Seed    string // for Replay
	Steps   []Step // the schedule
	report  *report.Report
}

// A Step is what a goroutine did, one operation.
type Step struct {
	Goroutine int
	Text      string // "flag: Store(1)"
	File      string
	Line      int

	// CallerFile and CallerLine are where the function of File and Line was called,
	// if that is in the code under test.
	CallerFile string
	CallerLine int
}

func newFailure(f *sched.Found) *Failure {
	r := report.Of(f, report.Options{Plain: true, Hidden: true})
	out := &Failure{Kind: Kind(r.Kind), Message: r.Message, Stack: r.Stack, Seed: r.Seed, report: r}
	each := report.Of(f, report.Options{Full: true, Plain: true})
	for i, row := range each.Rows {
		s := f.Steps[i]
		out.Steps = append(out.Steps, Step{s.Thread, row.Text, s.At.File, s.At.Line, s.Caller.File, s.Caller.Line})
	}
	return out
}

// String is the whole failure as text: what went wrong, the schedule with one line
// for what a goroutine did at one line of the source, and the seed.
func (f *Failure) String() string {
	return fmt.Sprintf("%s%sseed: %s\n", f.report.Headline(), f.report.Schedule(), f.Seed)
}
