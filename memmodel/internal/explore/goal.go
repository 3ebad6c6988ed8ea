package explore

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

// judge evaluates p on what is known by now.
func (s *search) judge(p *ir.Prop) truth {
	switch p.Op {
	case ir.True:
		return yes
	case ir.NotProp:
		return -s.judge(p.Kids[0])
	case ir.All, ir.Any:
		// Any is All of the negations, negated.
		stop, out := no, yes
		if p.Op == ir.Any {
			stop, out = yes, no
		}
		for _, k := range p.Kids {
			switch t := s.judge(k); t {
			case stop:
				return stop
			case maybe:
				out = maybe
			}
		}
		return out
	}
	a, known := s.observe(p.Left)
	b, known2 := s.observe(p.Right)
	switch {
	case known && known2:
	case !s.complete:
		return maybe
	default:
		// A value out of thin air could be any; herd takes it for one that is
		// like no other.
		return truthOf(p.Op == ir.NeAtom)
	}
	switch p.Op {
	case ir.EqAtom:
		return truthOf(a == b)
	case ir.NeAtom:
		return truthOf(a != b)
	case ir.LtAtom:
		return truthOf(a < b)
	case ir.LeAtom:
		return truthOf(a <= b)
	case ir.GtAtom:
		return truthOf(a > b)
	}
	return truthOf(a >= b)
}

// observe returns the final value of o, if it is decided.
func (s *search) observe(o ir.Obs) (int64, bool) {
	switch o.Kind {
	case ir.ConstObs:
		return o.K, true
	case ir.RegObs:
		p := s.paths[o.Thread]
		return s.values.eval(p, s.st.base[o.Thread], p.Regs[o.Reg])
	}
	if s.st.initOf[o.Cell] < 0 {
		return s.prog.Cells[o.Cell].Init, true
	}
	// Whichever of the writes that may be last is the last: if all of them
	// write the same, that is the value.
	var value int64
	found := false
	for _, w := range s.st.writes[o.Cell] {
		if !s.order.final(w) {
			continue
		}
		if !s.known[w] || found && s.val[w] != value {
			return 0, false
		}
		value, found = s.val[w], true
	}
	return value, found
}
