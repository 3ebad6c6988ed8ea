package thread

import (
	"cmp"
	"fmt"

	"crosscall/memmodel/graph"
)

// A Cut says where a thread was not followed any further, and why.
type Cut struct {
	Pos    graph.Pos
	Thread string
	Why    string // "this loop goes on beyond 10 jumps back"
}

func (c *Cut) String() string {
	return fmt.Sprintf("%s:%d:%d: in %s, %s", c.Pos.File, c.Pos.Line, c.Pos.Col, c.Thread, c.Why)
}

// First is the one of two that comes first in the source. Either may be nil.
func (c *Cut) First(d *Cut) *Cut {
	switch {
	case c == nil:
		return d
	case d == nil:
		return c
	}
	at := cmp.Or(
		cmp.Compare(c.Pos.File, d.Pos.File), c.Pos.Line-d.Pos.Line, c.Pos.Col-d.Pos.Col,
		cmp.Compare(c.Thread, d.Thread), cmp.Compare(c.Why, d.Why),
	)
	if at <= 0 {
		return c
	}
	return d
}

// cut ends the path where the thread is.
func (s *state) cut(why string, args ...any) {
	s.path.Cut = &Cut{Pos: s.th.Instr[s.pc].Pos, Thread: s.th.Name, Why: fmt.Sprintf(why, args...)}
}

// maxKnown bounds loops whose every step is known beforehand, unless the bound on the
// others is higher.
const maxKnown = 1000

// maxEvents bounds loops within loops in the same way. A round has some accesses.
const (
	maxEvents      = 5 * maxKnown
	eventsPerRound = maxEvents / maxKnown
)

// tooFar reports whether a thread with so many events jumps back once too often: in a loop
// that hangs on open values (open) more than bound times.
func tooFar(open bool, jumps, bound, events int) bool {
	known := max(maxKnown, bound)
	return open && jumps > bound || jumps > known || events > eventsPerRound*known
}

// cutLoop is cut at a jump back, of so many.
func (s *state) cutLoop(jumps, bound int) {
	known := max(maxKnown, bound)
	switch {
	case len(s.path.Events) > eventsPerRound*known:
		s.cut("this loop goes on beyond %d accesses; a --bound above %d goes further", eventsPerRound*known, known)
	case jumps > known:
		s.cut("this loop goes on beyond %d jumps back; a --bound above that goes further", jumps-1)
	default:
		s.cut("this loop goes on beyond %d jumps back; a higher --bound goes further", jumps-1)
	}
}
