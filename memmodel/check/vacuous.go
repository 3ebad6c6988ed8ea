package check

import (
	"fmt"

	"crosscall/memmodel/internal/explore"
)

// vacuous handles a litmus test without executions: that all of them satisfy its
// condition, or none does, then means nothing.
func (x *run) vacuous() error {
	r := x.result
	if !r.Complete || r.Executions > 0 || x.runs || x.test.Safety {
		return nil
	}
	r.Reason = x.whyNothingRuns()
	if r.Verdict == Holds {
		r.Verdict = Vacuous
	}
	return nil
}

// whyNothingRuns explores the test once more, in the same way as a C program: a thread
// that waits forever is then part of an execution.
func (x *run) whyNothingRuns() (why string) {
	prog := *x.test.Prog
	prog.Waits, prog.Sections = true, x.test.Sections
	ran := false
	c := explore.Config{Bound: x.options.Bound, Workers: x.options.Workers}
	_, err := explore.Run(x.ctx, &prog, x.model.Plan, c, func(e *explore.Execution) error {
		f := e.Failure()
		ran = ran || f == nil
		if f == nil {
			return nil
		}
		why = fmt.Sprintf("no execution comes to an end: %v", f)
		return explore.ErrStop
	})
	switch {
	case why != "":
		return why
	case ran && x.test.Filter != nil:
		return "no execution is left by the filter"
	case err != nil: // out of time or memory
		return "no execution comes to an end"
	}
	return "no execution comes to an end: the model allows none"
}

// lacksExecutions reports whether there is no execution at all. For a condition that
// asks for a witness and has none, that takes another exploration.
func (x *run) lacksExecutions() (bool, error) {
	found, stats, err := x.first(nil)
	return found == 0 && !stats.BoundHit, err
}
