package gocheck

import (
	"fmt"
	"path/filepath"
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

var kinds = map[sched.FailureKind]Kind{
	sched.Assertion: Assertion, sched.Panic: Panic, sched.Race: Race, sched.Deadlock: Deadlock, sched.Leak: Leak,
	sched.Livelock: Livelock, sched.Misuse: Misuse, sched.Outlived: Outlived, sched.Nondeterminism: Nondeterminism,
}

// A Failure is an execution that went wrong.
type Failure struct {
	Kind    Kind     // empty: nothing went wrong in it (Replay of a seed that passes)
	Message string   // what, and for a race both places
	Stack   string   // of a panic
	Seed    string   // for Replay
	Steps   []Step   // the schedule
	objects []object // the variables
	threads int
	raced   [2]int
}

func plainName(i int) string { return fmt.Sprintf("plain#%d", i) }

type object = sched.Object

// A Step is a line of a schedule.
type Step struct {
	Goroutine int
	Text      string // "flag: Store(1)"
	File      string
	Line      int
	step      sched.Step
}

func newFailure(f *sched.Found) *Failure {
	out := &Failure{Message: strings.Join(f.Text, "\n"), Stack: f.Stack, objects: f.Objects, threads: len(f.Threads), raced: f.Raced}
	if f.Failed {
		out.Kind = kinds[f.Kind]
	}
	if f.Schedule != nil {
		out.Seed = f.Schedule.String()
	}
	for _, s := range f.Steps {
		out.Steps = append(out.Steps, Step{s.Thread, out.text(s), s.File, s.Line, s})
	}
	return out
}

func (f *Failure) text(s sched.Step) string {
	switch {
	case s.Remark:
		return s.Detail
	case s.Plain:
		return plainName(s.Object) + ": " + s.Op
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
		where := ""
		if s.File != "" {
			where = fmt.Sprintf("%s:%d", filepath.Base(s.File), s.Line)
		}
		fmt.Fprintf(&b, "%5d  G%-2d  %-*s  %s\n", i+1, s.Goroutine, wide, s.Text, where)
	}
	fmt.Fprintf(&b, "seed: %s\n", f.Seed)
	return b.String()
}
