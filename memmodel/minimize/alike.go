package minimize

import (
	"context"
	"fmt"
	"strings"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/asm"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
)

// A program may fail when its threads run one after the other, in some interleaving only, or
// only under weak memory. A reference is a model that allows fewer executions than the
// requested one. If the first source does not fail under a reference, a smaller source must
// not fail under it either. Without this rule only the assertion would remain, and it would
// fail because nothing sets its variables.
const (
	interleavings = "let step = po | rf | co | fr\nacyclic step as interleaving"
	serially      = "let between = (rf | co | fr) & ext\nacyclic (int | id) ; between as serial"
)

// A judge says whether a source fails as the first one does.
type judge struct {
	name    string
	model   *check.Model
	options check.Options
	c       check.COptions

	reference *check.Model // nil, or one under which the first does not fail
	// keepValues says that there is no reference for a C program.
	keepValues bool
	first      failure
	checks     int
	undecided  int // sources of which a limit kept the verdict from being known, since the last edit
}

// A failure has the properties of a failure that every smaller source must keep.
type failure struct {
	quantifier ir.Quantifier // of a litmus test
	kind       explore.FailureKind
	way        string // of failures of that kind
	place      int    // in the first source, of what goes wrong in a C program; -1: not in this file
	elsewhere  string // then, where
	forbidden  string // the check that forbids what an "exists" asks for; "" if nothing need
	values     string // where there is no reference: what the events that decide read and write
}

// newJudge checks the first source and returns its result. The judge is nil if the source
// does not fail.
func newJudge(ctx context.Context, name string, t text, m *check.Model, o Options) (*judge, *check.Result, error) {
	j := &judge{name: name, model: m, options: o.Check, c: o.C}
	r, f := j.failureOf(ctx, t)
	if r.Verdict != check.Fails {
		return nil, r, nil
	}
	j.first = f
	if f.forbidden != "" || f.quantifier == ir.Exists && !isC(name) {
		j.limitSteps(r.Steps)
		return j, r, nil
	}
	for _, checks := range []string{interleavings, serially} {
		reference, err := m.Stricter(checks)
		if err != nil {
			return nil, r, err
		}
		verdict := j.source(ctx, t.src, reference, false).Verdict
		if verdict == check.Holds || verdict == check.Vacuous {
			j.reference = reference
			break
		}
	}
	if j.reference == nil {
		j.keepValues = isC(name)
		_, j.first = j.failureOf(ctx, t)
	}
	j.limitSteps(r.Steps)
	return j, r, nil
}

// limitSteps bounds the work on a smaller source by the work on the first: a loop may not
// end without its break. It is no bound on time, so that what is left of a source is the
// same on each machine.
func (j *judge) limitSteps(first int64) {
	limit := fewSteps + 20*first
	if j.options.Steps == 0 || limit < j.options.Steps {
		j.options.Steps = limit
	}
}

const fewSteps = 100_000

func (j *judge) source(ctx context.Context, src string, m *check.Model, picture bool) *check.Result {
	o := j.options
	o.VerdictOnly = !isC(j.name)
	o.Picture = picture
	j.checks++
	return check.Source(ctx, j.name, []byte(src), m, o, j.c)
}

// alike reports whether a source fails as the first one does.
func (j *judge) alike(ctx context.Context, t text) bool {
	r, f := j.failureOf(ctx, t)
	if r.Verdict != check.Fails || f != j.first {
		j.noteLimit(r)
		return false
	}
	if j.reference == nil {
		return true
	}
	r = j.source(ctx, t.src, j.reference, false)
	j.noteLimit(r)
	return r.Verdict == check.Holds || r.Verdict == check.Vacuous
}

// noteLimit counts a result that a limit kept from being known.
func (j *judge) noteLimit(r *check.Result) {
	if r.Limited() {
		j.undecided++
	}
}

// failureOf checks a source and returns its failure, if it fails.
func (j *judge) failureOf(ctx context.Context, t text) (r *check.Result, f failure) {
	if isC(j.name) {
		r = j.source(ctx, t.src, j.model, j.keepValues)
		if r.Verdict == check.Fails && r.Failure != nil {
			f = placed(t, j.name, r.Failure)
			f.values = j.valuesOf(f.kind, r.Picture)
		}
		return r, f
	}
	f.place = -1
	f.quantifier = quantifierOf(j.name, t.src)
	r = j.source(ctx, t.src, j.model, f.quantifier == ir.Exists)
	if f.quantifier == ir.Exists && r.Picture != nil {
		f.forbidden = r.Picture.Violated
	}
	return r, f
}

// quantifierOf is that of a litmus test.
func quantifierOf(name, src string) (q ir.Quantifier) {
	if asm.Is([]byte(src)) {
		if ast, err := asm.Parse(name, []byte(src)); err == nil {
			q = ast.Quant
		}
		return q
	}
	if ast, err := litmus.Parse(name, []byte(src)); err == nil {
		q = ast.Quant
	}
	return q
}

// placed is a failure of a C program with its place in the first source.
func placed(t text, name string, of *explore.Failure) failure {
	f := failure{kind: of.Kind, way: of.Way, place: -1}
	if of.Pos.File == name || of.Pos.Line == 0 {
		f.place = t.place(of.Pos.Line, of.Pos.Col)
		return f
	}
	f.elsewhere = of.Pos.File
	return f
}

// valuesOf returns the values that the deciding events of a failed assertion read and write.
func (j *judge) valuesOf(kind explore.FailureKind, x *graph.Execution) string {
	if !j.keepValues || kind != explore.AssertionFails || x == nil || x.Failure == nil {
		return ""
	}
	var b strings.Builder
	for _, e := range x.Failure.Events {
		if loc := x.Events[e].Loc; loc != graph.NoLoc {
			fmt.Fprintf(&b, "%s=%s;", x.Locs[loc], x.Values[e])
		}
	}
	return b.String()
}
