package gocheck

import (
	"fmt"
	"slices"
	"strings"

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
	objects []sched.Object
	plains  []string
	threads []sched.Started
	raced   [2]int
}

// A Step is a line of a schedule.
type Step struct {
	Goroutine int
	Text      string // "flag: Store(1)"
	File      string
	Line      int

	// CallerFile and CallerLine are where the function of File and Line was called,
	// if that is in the code under test.
	CallerFile string
	CallerLine int

	step sched.Step
}

func newFailure(f *sched.Found) *Failure {
	out := &Failure{Message: strings.Join(f.Text, "\n"), Stack: f.Stack, objects: f.Objects, plains: f.Plains, threads: f.Threads, raced: f.Raced}
	if f.Failed {
		out.Kind = Kind(f.Kind.String())
	}
	if f.Schedule != nil {
		out.Seed = f.Schedule.String()
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, Step{s.Thread, out.text(s), s.At.File, s.At.Line, s.Caller.File, s.Caller.Line, s})
	}
	return out
}

func (f *Failure) text(s sched.Step) string {
	switch {
	case s.Remark:
		return s.Detail
	case s.Plain:
		return f.plains[s.Object] + ": " + s.Op
	}
	what := s.Op
	if s.Detail != "" {
		what = s.Detail
	}
	if s.Object < 0 {
		return what
	}
	return f.objects[s.Object].Name + ": " + what
}

// place is where the step is, and who called the function that it is in.
func (s Step) place() string {
	if s.CallerFile == "" {
		return s.step.At.String()
	}
	return fmt.Sprintf("%v (from %v)", s.step.At, s.step.Caller)
}

// String is the whole failure as text: what went wrong, one line for each step
// of the schedule, and the seed.
func (f *Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", f.Kind, f.Message)
	if f.Stack != "" {
		fmt.Fprintf(&b, "%s\n", f.Stack)
	}
	wide := 0
	for _, s := range f.Steps {
		wide = max(wide, len(s.Text))
	}
	wide = min(wide, 60)
	b.WriteString("schedule:\n")
	for i, s := range f.Steps {
		mark := ""
		if f.raced[0] != f.raced[1] && slices.Contains(f.raced[:], i) {
			mark = "  <- " + string(f.Kind)
		}
		fmt.Fprintf(&b, "%5d  G%-2d  %-*s  %s%s\n", i+1, s.Goroutine, wide, s.Text, s.place(), mark)
	}
	fmt.Fprintf(&b, "seed: %s\n", f.Seed)
	return b.String()
}
