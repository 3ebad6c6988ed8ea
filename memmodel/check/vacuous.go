package check

import (
	"fmt"

	"crosscall/memmodel/internal/explore"
)

// vacuous looks at a litmus test without executions: that all of them are as its
// condition says, or none, says nothing then.
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

// whyNothingRuns explores the test once more, as a C program is explored: a thread that
// waits forever is part of an execution then.
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
	case err != nil: // out of time, or of room
		return "no execution comes to an end"
	}
	return "no execution comes to an end: the model allows none"
}

// lacksExecutions reports whether there is no execution at all. For a condition that
// looks for a witness, and finds none, that is one more look.
func (x *run) lacksExecutions() (bool, error) {
	found, stats, err := x.first(nil)
	return found == 0 && !stats.BoundHit, err
}
