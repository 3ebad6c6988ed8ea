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

// cutLoop is cut at a jump back, of so many.
func (s *state) cutLoop(jumps int) {
	if len(s.path.Events) > maxEvents {
		s.cut("this loop goes on beyond %d accesses", maxEvents)
		return
	}
	hint := "; a higher --bound goes further"
	if jumps > maxKnown {
		hint = ""
	}
	s.cut("this loop goes on beyond %d jumps back%s", jumps-1, hint)
}
