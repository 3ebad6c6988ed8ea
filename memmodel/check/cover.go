package check

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
)

// A Cover is a cover(e) of a C program, and whether some execution reaches it.
type Cover struct {
	Pos    graph.Pos
	Text   string // "cover(r == 1)"
	Status CoverStatus
}

// CoverStatus says whether some execution reaches a Cover.
type CoverStatus string

const (
	Reached    CoverStatus = "reached"
	NotReached CoverStatus = "not reached"
	NotKnown   CoverStatus = "not known" // no execution that does was found, and not all were explored
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

// passes notes the covers that an execution reaches.
func (x *run) passes(e *explore.Execution) {
	for i := range x.result.Covers {
		c := &x.result.Covers[i]
		if c.Status != Reached && e.Passes(&x.test.Covers[i]) {
			c.Status = Reached
		}
	}
}

// covered makes a program vacuous if it holds but has a cover that no execution
// reaches: its checks there were never made.
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
