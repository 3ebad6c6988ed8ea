package check

import (
	"errors"
	"strconv"

	"crosscall/memmodel/explore"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
)

// safe looks for an execution in which something goes wrong, and stops at the
// first.
func (x *run) safe() error {
	err := x.safely()
	if broken := new(program.BrokenPromise); errors.As(err, &broken) {
		// A pointer to a member was made one to a member of another type.
		test := *x.test
		test.Prog = test.Prog.Unclassed()
		x.test = &test
		x.result.Positive, x.result.Negative, x.result.Flags = 0, 0, nil
		return x.safely()
	}
	return err
}

func (x *run) safely() error {
	r := x.result
	r.states = newStateSet(0)
	stats, err := x.run(explore.Config{}, func(e *explore.Execution) error {
		r.addFlags(e.Flags())
		if r.Failure = x.failure(e); r.Failure != nil {
			r.Negative++
			if x.options.Picture {
				r.Picture = x.draw(e)
			}
			return explore.ErrStop
		}
		r.Positive++
		return nil
	})
	if errors.Is(err, explore.ErrStop) {
		err = nil
	}
	if err := x.conclude(stats, err); err != nil {
		return err
	}
	if r.Verdict == Holds && r.Executions == 0 {
		r.Verdict, r.Complete, r.Reason = Incomplete, false, "no execution comes to an end: each drops out at an assumption"
	}
	return nil
}

// failure is what is wrong with an execution. In C11 a data race is, too: a
// program that has one means nothing.
func (x *run) failure(e *explore.Execution) *explore.Failure {
	f := e.Failure()
	if f != nil || !x.test.RaceFree || len(e.Flags()) == 0 {
		return f
	}
	return raceIn(e.Graph())
}

// raceIn words the first pair of events that the model flags.
func raceIn(g *graph.Execution) *explore.Failure {
	f := &explore.Failure{Kind: explore.Race}
	if len(g.Flagged) == 0 {
		f.Text = "the model flags the execution"
		return f
	}
	pair := g.Flagged[0]
	from, to := &g.Events[pair.From], &g.Events[pair.To]
	f.Pos = from.Pos
	f.Text = from.Text + " races with " + to.Text + " in line " + strconv.Itoa(to.Pos.Line) + " (" + pair.Label + ")"
	return f
}
