package complete

import "crosscall/memmodel/internal/ir"

// truth is what can be said of a proposition before all values are known.
type truth int8

const (
	no    truth = -1
	maybe truth = 0
	yes   truth = 1
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// Hopeless reports whether what is decided rules out the goal or the filter.
// A thread that faults has no final values.
func (c *Completer) Hopeless() bool {
	return !c.State.Faulty && (c.Goal != nil && c.judge(c.Goal, false) == no || c.Filter != nil && c.judge(c.Filter, false) == no)
}

// Wanted reports whether the goal and the filter are true in an execution that was found.
func (c *Completer) Wanted() bool {
	return (c.Filter == nil || c.judge(c.Filter, true) == yes) && (c.Goal == nil || c.judge(c.Goal, true) == yes)
}

// judge evaluates p on what is known by now. complete says that nothing more will be.
func (c *Completer) judge(p *ir.Prop, complete bool) truth {
	switch p.Op {
	case ir.True:
		return yes
	case ir.NotProp:
		return -c.judge(p.Kids[0], complete)
	case ir.All:
		return c.all(p.Kids, complete)
	case ir.Any:
		return c.any(p.Kids, complete)
	}
	a, known := c.State.Observe(p.Left)
	b, known2 := c.State.Observe(p.Right)
	switch {
	case known && known2:
		return truthOf(holds(p.Op, a, b))
	case !complete:
		return maybe
	}
	// A value out of thin air could be any; herd takes it for one that is
	// like no other.
	return truthOf(p.Op == ir.NeAtom)
}

func (c *Completer) all(kids []*ir.Prop, complete bool) truth {
	out := yes
	for _, k := range kids {
		out = min(out, c.judge(k, complete))
		if out == no {
			break
		}
	}
	return out
}

func (c *Completer) any(kids []*ir.Prop, complete bool) truth {
	out := no
	for _, k := range kids {
		out = max(out, c.judge(k, complete))
		if out == yes {
			break
		}
	}
	return out
}

// holds compares two values.
func holds(op ir.PropOp, a, b int64) bool {
	switch op {
	case ir.EqAtom:
		return a == b
	case ir.NeAtom:
		return a != b
	case ir.LtAtom:
		return a < b
	case ir.LeAtom:
		return a <= b
	case ir.GtAtom:
		return a > b
	}
	return a >= b
}
