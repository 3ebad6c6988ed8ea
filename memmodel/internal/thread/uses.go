package thread

import "crosscall/memmodel/internal/ir"

// gap is how many addresses that are no cell's lie between two variables at least.
const gap = 16

// Uses calls to with each cell that instruction i may access, if an index leads to the
// variable that it begins in. An access that does not keep to that, to a cell with an owner,
// breaks a promise: see Runner.breaks.
func (f *Flow) Uses(i int, to func(cell int)) {
	row := f.targetsOf(i)
	if row == nil {
		return // a fence has no address
	}
	first, last := 0, len(f.prog.Cells)
	if in := &f.th.Instr[i]; in.Op == ir.Do {
		if base, ok := baseOf(in.Addr); ok {
			first, last = f.variable(int(base - ir.AddrBase))
		}
	}
	eachBit(row, func(c int) {
		if first <= c && c < last {
			to(c)
		}
	})
}

// targetsOf has the cells that instruction i may access, wherever an index leads.
func (f *Flow) targetsOf(i int) []uint64 {
	if row := f.own[i]; row != nil {
		return row
	}
	return f.reads[i]
}

// baseOf is the address in a sum.
func baseOf(e *ir.Expr) (addr int64, ok bool) {
	switch e.Op {
	case ir.Const:
		return e.K, e.K >= ir.AddrBase
	case ir.Add:
		if addr, ok = baseOf(e.A); ok {
			return addr, ok
		}
		return baseOf(e.B)
	case ir.Sub:
		return baseOf(e.A)
	}
	return 0, false
}

// variable is the range of cells around one without a gap.
func (f *Flow) variable(cell int) (first, last int) {
	cells := f.prog.Cells
	first, last = cell, cell
	for c := cell; c >= 0 && first-c < gap; c-- {
		if c < len(cells) && cells[c].Name != "" {
			first = c
		}
	}
	for c := cell; c < len(cells) && c-last < gap; c++ {
		if cells[c].Name != "" {
			last = c
		}
	}
	return first, last + 1
}

// breaks reports whether in is none of the accesses that a private cell has been made private
// for: plain ones of its owner.
func (r *Runner) breaks(in *ir.Instr, cell int) bool {
	owner, ok := r.prog.Owners[cell]
	return ok && (owner != r.index || !in.Simple())
}
