package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
)

// Limits on the search for a forbidden execution to draw: enough for any test of textbook
// size.
const (
	forbiddenTries = 1000
	forbiddenTime  = 10 * time.Second
)

const notFoundIn = "no forbidden execution was found in "

// forbidden looks for an execution that would decide the condition if the model
// allowed it. A coherent one says more: it is forbidden by this model, and not
// by a rule that all models share.
func (x *run) forbidden() error {
	limit := forbiddenTime
	if x.result.gallery != nil {
		limit = galleryTime // somebody waits for it
	}
	ctx, cancel := context.WithTimeout(x.ctx, limit)
	defer cancel()
	look := *x
	look.ctx = ctx
	limited := ""
	for _, coherent := range []bool{true, false} {
		err := look.nearest(coherent)
		switch {
		case errors.Is(err, explore.ErrSteps):
			limited = fmt.Sprintf("%d steps", x.options.Steps)
		case ctx.Err() != nil:
			limited = limit.String()
		case err != nil:
			return err
		}
		if x.result.Picture != nil {
			return nil
		}
	}
	x.result.NoPicture = "no execution decides the condition, whether the model allows it or not"
	if limited != "" {
		x.result.NoPicture = notFoundIn + limited
	}
	return nil
}

// nearest keeps the forbidden execution that is nearest to being allowed: of the first
// forbiddenTries, one whose shortest cycle is the longest. The condition makes a cycle in
// each of them. A choice that is unrelated to the condition, such as the order in which
// locks are taken, can only add a shorter cycle.
func (x *run) nearest(coherent bool) error {
	r, tries := x.result, 0
	c := explore.Config{Filter: x.test.Filter, Goal: x.goal(), IgnoreChecks: true, Coherent: coherent}
	_, err := x.run(c, func(e *explore.Execution) error {
		g := x.draw(e)
		if r.Picture == nil || len(g.Cycle) > len(r.Picture.Cycle) {
			r.Picture = g
		}
		if tries++; tries == forbiddenTries {
			return explore.ErrStop
		}
		return nil
	})
	if errors.Is(err, explore.ErrStop) {
		return nil
	}
	return err
}

// draw returns e with its name and final state as the test has them.
func (x *run) draw(e *explore.Execution) *graph.Execution {
	g := e.Graph()
	g.Name = x.test.Name
	x.final.read(e)
	for i, v := range x.final.shown() {
		g.Final = append(g.Final, x.test.ObservedNames[i]+"="+x.test.FormatValue(i, v.n, v.known))
	}
	return g
}
