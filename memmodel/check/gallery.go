package check

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
)

// A gallery keeps executions to look at, one for each final state.
type gallery struct {
	most      int
	byState   map[string]*graph.Execution // allowed ones
	passing   []*graph.Execution          // those of a C program, which has no final states
	forbidden []*graph.Execution
	found     map[string]int // where the forbidden one of a state is
}

// A FinalState is a final state of a litmus test.
type FinalState struct {
	// Values are as the test words them, in the order of Result.Observed.
	Values []string
	// Execution is one that ends in the state; nil: none was kept. Its Violated says
	// whether the model forbids the state.
	Execution *graph.Execution
}

// galleryTime bounds the search for forbidden executions.
const galleryTime = 2 * time.Second

// stateKey is what tells final states apart.
func stateKey(final []string) string { return strings.Join(final, "\n") }

// newGallery has room for so many executions; it is nil if that is none.
func newGallery(most int) *gallery {
	if most <= 0 {
		return nil
	}
	return &gallery{most: most, byState: map[string]*graph.Execution{}, found: map[string]int{}}
}

// keep keeps an execution of a final state that is new, if there is room.
func (x *run) keep(e *explore.Execution) {
	g := x.result.gallery
	if g == nil || len(g.byState) == g.most {
		return
	}
	drawn := x.draw(e)
	g.byState[stateKey(drawn.Final)] = drawn
}

// keepPassing keeps an execution of a C program in which nothing goes wrong.
func (x *run) keepPassing(e *explore.Execution) {
	if g := x.result.gallery; g != nil && len(g.passing) < g.most {
		g.passing = append(g.passing, x.draw(e))
	}
}

// keepForbidden looks for final states that the model forbids. Of the executions that end
// in one it keeps that which is nearest to being allowed: see nearest.
func (x *run) keepForbidden() error {
	r, g := x.result, x.result.gallery
	if g == nil || x.test.Safety || x.options.VerdictOnly || r.Verdict == Incomplete {
		return nil
	}
	ctx, cancel := context.WithTimeout(x.ctx, galleryTime)
	defer cancel()
	look, tries := *x, 0
	look.ctx, look.options.Executions = ctx, nil
	c := explore.Config{Filter: x.test.Filter, IgnoreChecks: true, Coherent: true}
	_, err := look.run(c, func(e *explore.Execution) error {
		if tries++; tries > forbiddenTries {
			return explore.ErrStop
		}
		x.final.read(e)
		if !r.states.Has(x.final.shown()) {
			g.addForbidden(x.draw(e))
		}
		return nil
	})
	if errors.Is(err, explore.ErrStop) || errors.Is(err, explore.ErrSteps) || ctx.Err() != nil {
		return nil
	}
	return err
}

// addForbidden keeps an execution that the model forbids, if there is room.
func (g *gallery) addForbidden(drawn *graph.Execution) {
	if drawn.Violated == "" {
		return
	}
	key := stateKey(drawn.Final)
	i, seen := g.found[key]
	switch {
	case seen && len(drawn.Cycle) > len(g.forbidden[i].Cycle):
		g.forbidden[i] = drawn
	case !seen && len(g.forbidden) < g.most:
		g.found[key] = len(g.forbidden)
		g.forbidden = append(g.forbidden, drawn)
	}
}

// Observed are the names of what the final states of a litmus test tell: "0:r1", "x".
func (r *Result) Observed() []string {
	if r.test == nil {
		return nil
	}
	return r.test.ObservedNames
}

// Gallery lists up to most final states in the order of WriteText, and behind them
// those that were found for Options.Gallery and that the model forbids. Without that, and
// of a C program, there are none.
func (r *Result) Gallery(most int) (list []FinalState) {
	if r.states == nil || r.gallery == nil || r.test.Safety {
		return nil
	}
	for state := range r.states.Sorted(herdOrder(r.test.Prog.Cells)) {
		if len(list) == most {
			break
		}
		var s FinalState
		final := make([]string, len(state))
		for i, code := range state {
			v := r.states.values[code]
			s.Values = append(s.Values, r.test.FormatValue(i, v.n, v.known))
			final[i] = r.test.ObservedNames[i] + "=" + s.Values[i]
		}
		s.Execution = r.gallery.byState[stateKey(final)]
		if p := r.Picture; p != nil && p.Violated == "" && stateKey(p.Final) == stateKey(final) {
			s.Execution = p
		}
		list = append(list, s)
	}
	return slices.Concat(list, r.forbiddenStates())
}

// forbiddenStates are those of the gallery, with Picture in the place of another of its
// state.
func (r *Result) forbiddenStates() (list []FinalState) {
	p := r.Picture
	if p != nil && p.Violated == "" {
		p = nil
	}
	for _, x := range r.gallery.forbidden {
		if p != nil && stateKey(x.Final) == stateKey(p.Final) {
			x, p = p, nil
		}
		list = append(list, FinalState{valuesOf(x.Final), x})
	}
	if p != nil {
		list = append(list, FinalState{valuesOf(p.Final), p})
	}
	return list
}

// valuesOf are the values in "name=value" strings.
func valuesOf(final []string) []string {
	values := make([]string, len(final))
	for i, f := range final {
		_, values[i], _ = strings.Cut(f, "=")
	}
	return values
}

// Passing are executions of a C program in which nothing goes wrong, as many as
// Options.Gallery asked for.
func (r *Result) Passing() []*graph.Execution {
	if r.gallery == nil {
		return nil
	}
	return r.gallery.passing
}
