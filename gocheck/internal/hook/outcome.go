package hook

import (
	"fmt"
	"strings"
	"time"

	"crosscall/gocheck/internal/sched"
)

var kinds = map[sched.FailureKind]string{
	sched.Assertion: "assertion", sched.Panic: "panic", sched.Race: "race", sched.Deadlock: "deadlock", sched.Leak: "leak",
	sched.Unexplored: "not explored", sched.Livelock: "livelock", sched.Misuse: "misuse", sched.Outlived: "outlived", sched.Nondeterminism: "nondeterminism",
}

func outcome(name string, s sched.Stats, found *sched.Found, reason string, d time.Duration) Outcome {
	counts := fmt.Sprintf("%d executions, %d blocked, %d steps, %v", s.Executions, s.Blocked, s.Steps, d.Round(time.Millisecond))
	switch {
	case found != nil && found.Failed:
		return Outcome{true, failure(name, found) + counts}
	case set.replay != nil:
		return Outcome{false, "this execution passes\n" + schedule(found)}
	case reason != "":
		return Outcome{!set.incomplete, "incomplete: " + reason + ": " + counts}
	}
	return Outcome{false, "holds: " + counts}
}

func failure(name string, f *sched.Found) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", kinds[f.Kind], strings.Join(f.Text, "\n"))
	if f.Stack != "" {
		fmt.Fprintf(&b, "%s\n", f.Stack)
	}
	b.WriteString(schedule(f))
	fmt.Fprintf(&b, "to run this execution again: crosscall gotest -run '^%s$' -replay %s %s\n", name, f.Schedule, set.pkg)
	return b.String()
}

func schedule(f *sched.Found) string {
	var b strings.Builder
	wide := 0
	steps := untilFailure(f)
	for _, s := range steps {
		wide = max(wide, min(len(stepText(f, s)), 48))
	}
	for _, s := range steps {
		if s.Plain {
			continue
		}
		at := s.At.String()
		if s.Caller.File != "" {
			at += fmt.Sprintf(" (from %v)", s.Caller)
		}
		fmt.Fprintf(&b, "  G%-2d  %-*s  %s\n", s.Thread, wide, stepText(f, s), at)
	}
	return b.String()
}

func stepText(f *sched.Found, s sched.Step) string {
	what := s.Op
	if s.Detail != "" {
		what = s.Detail
	}
	if s.Object < 0 || s.Plain {
		return what
	}
	return f.Objects[s.Object].Name + ": " + what
}

// untilFailure leaves out the steps after a test has reported the failure: those of
// its clean-up.
func untilFailure(f *sched.Found) []sched.Step {
	if f.Kind != sched.Assertion {
		return f.Steps
	}
	for i := len(f.Steps) - 1; i >= 0; i-- {
		if f.Steps[i].Failed {
			return f.Steps[:i+1]
		}
	}
	return f.Steps
}
