package check

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
)

// A Cover is a place that a C program asks to be passed, and whether it is.
type Cover struct {
	Pos    graph.Pos
	Text   string // "cover(r == 1)"
	Status CoverStatus
}

// CoverStatus says whether some execution passes a Cover.
type CoverStatus string

const (
	Reached    CoverStatus = "reached"
	NotReached CoverStatus = "not reached"
	NotKnown   CoverStatus = "not known" // none was found that does, and not all were explored
)

func (c Cover) String() string {
	return fmt.Sprintf("%s: %s", placeOf(c.Pos), c.Text)
}

func newCovers(list []ir.Cover) []Cover {
	covers := make([]Cover, len(list))
	for i, c := range list {
		covers[i] = Cover{c.Pos, c.Text, NotKnown}
		if c.Before {
			covers[i].Status = Reached
		}
	}
	return covers
}

// passes notes which of the covers an execution passes.
func (x *run) passes(e *explore.Execution) {
	for i := range x.result.Covers {
		c := &x.result.Covers[i]
		if c.Status != Reached && e.Passes(&x.test.Covers[i]) {
			c.Status = Reached
		}
	}
}

// covered makes a program vacuous that holds and that has a cover which no execution
// passes: what it was to check there was not checked.
func (r *Result) covered() {
	if r.Verdict != Holds {
		return
	}
	missed := func(c Cover) bool { return c.Status != Reached }
	for i := range r.Covers {
		if c := &r.Covers[i]; missed(*c) {
			c.Status = NotReached
		}
	}
	i := slices.IndexFunc(r.Covers, missed)
	if i < 0 {
		return
	}
	r.Verdict, r.Reason = Vacuous, fmt.Sprintf("no execution reaches %v", r.Covers[i])
}
