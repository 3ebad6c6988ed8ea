package gocheck

import (
	"fmt"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// Kind is the kind of a failure.
type Kind string

const (
	Assertion      Kind = "assertion"      // Errorf or Fatalf
	Panic          Kind = "panic"          // of a goroutine
	Race           Kind = "race"           // two accesses without an order, one of them plain
	Deadlock       Kind = "deadlock"       // goroutines wait for each other
	Leak           Kind = "leak"           // the body has returned, and a goroutine waits forever
	Livelock       Kind = "livelock"       // goroutines spin, and no goroutine will change what they read
	Misuse         Kind = "misuse"         // Unlock of a free lock and the like
	Outlived       Kind = "outlived"       // a variable was used by two executions
	Nondeterminism Kind = "nondeterminism" // the same schedule led elsewhere
)

// A Failure is an execution that fails.
type Failure struct {
	Kind    Kind   // empty: nothing went wrong in it (Replay of a seed that passes)
	Message string // what went wrong; for a race with both places
	Stack   string // of a panic
	Seed    string // for Replay
	Steps   []Step // the schedule
	report  *report.Report
}

// A Step is one operation of a goroutine.
type Step struct {
	Goroutine int
	Text      string // "flag: Store(1)"
	File      string
	Line      int

	// CallerFile and CallerLine are the place in the code under test, if there is
	// one, that called the function of File and Line.
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

// String is the whole failure as text: the message, the schedule with one line for
// the steps of a goroutine at one line of the source, and the seed.
func (f *Failure) String() string {
	return fmt.Sprintf("%s%sseed: %s\n", f.report.Headline(), f.report.Schedule(), f.Seed)
}
