package check

import (
	"errors"

	"crosscall/memmodel/explore"
	"crosscall/memmodel/graph"
)

// forbiddenTries is how many forbidden executions are looked at for the one
// whose reason is the shortest: enough for any test of textbook size.
const forbiddenTries = 1000

// forbidden looks for an execution that would settle the condition if only the
// model allowed it, and keeps the one with the shortest cycle.
func (x *run) forbidden() error {
	r, tries := x.result, 0
	c := explore.Config{Filter: x.test.Filter, Goal: x.goal(), IgnoreChecks: true}
	_, err := x.run(c, func(e *explore.Execution) error {
		g := x.draw(e)
		if r.Picture == nil || len(g.Cycle) < len(r.Picture.Cycle) {
			r.Picture = g
		}
		if tries++; tries == forbiddenTries {
			return explore.ErrStop
		}
		return nil
	})
	if errors.Is(err, explore.ErrStop) || x.ctx.Err() != nil {
		return nil
	}
	return err
}

// draw returns e with its name and final state as the test words them.
func (x *run) draw(e *explore.Execution) *graph.Execution {
	g := e.Graph()
	g.Name = x.test.Name
	x.final.read(e)
	for i, v := range x.final.shown() {
		g.Final = append(g.Final, x.test.ObservedNames[i]+"="+x.test.FormatValue(i, v.n, v.known))
	}
	return g
}
