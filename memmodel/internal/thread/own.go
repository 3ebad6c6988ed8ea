package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// Memory that a thread has allocated is its own until it writes the address somewhere. No
// other thread accesses it before, because no other one has the address.
//
// Whether a write may have the address is decided without values. A register may hold an address
// if an Alloc gave it, if it was computed from such a register, or if it was read from a
// private cell into which such a value went. A read of other memory returns an address only
// if that was written there before. So the memory at that address is no thread's own any more.

// findGivers finds the instructions that may write an address which an Alloc gave. That is asked
// of threads with a Lapse alone.
func (f *Flow) findGivers() {
	if !slices.ContainsFunc(f.th.Instr, func(in ir.Instr) bool { return in.Op == ir.Lapse }) {
		return
	}
	regs := make([]uint64, (len(f.th.Regs)+63)/64)
	cells := make([]uint64, (len(f.prog.Cells)+63)/64) // private ones
	f.gives = make([]bool, len(f.th.Instr))
	for changed := true; changed; {
		changed = false
		mark := func(row []uint64, i int) {
			if !has(row, i) {
				row[i>>6] |= 1 << (i & 63)
				changed = true
			}
		}
		for i := range f.th.Instr {
			in := &f.th.Instr[i]
			switch d := in.Defines(); {
			case d == ir.NoReg:
			case in.Op == ir.Alloc, in.Op == ir.Assign && usesAny(in.Val, regs), overlap(f.reads[i], cells):
				mark(regs, int(d))
			}
			if in.Op != ir.Do || !usesAny(in.Val, regs) {
				continue
			}
			private := false
			for c, at := range f.private {
				if at >= 0 && has(f.own[i], c) {
					mark(cells, c)
					private = true
				}
			}
			f.gives[i] = !private || f.writesOther(i)
		}
	}
}

// writesOther reports whether instruction i may write a cell that is not private.
func (f *Flow) writesOther(i int) bool {
	for c, at := range f.private {
		if at < 0 && has(f.own[i], c) {
			return true
		}
	}
	return false
}

func overlap(a, b []uint64) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

// usesAny reports whether e has one of the registers in row.
func usesAny(e *ir.Expr, row []uint64) bool {
	return e != nil && (e.Op == ir.Load && has(row, int(e.R)) || usesAny(e.A, row) || usesAny(e.B, row) || usesAny(e.C, row))
}

// noteGiven notes that an event has been performed, if it may have written such an address.
func (r *Runner) noteGiven() {
	if r.flow.gives != nil && r.flow.gives[r.pc] {
		r.given = len(r.path.Events)
	}
}

// An allocation is an object that the thread has allocated, after so many events.
type allocation struct{ object, events int }

// isOwn reports whether event e is a plain access to memory that is the thread's own, and was
// all the time until now.
func (r *Runner) isOwn(e int) bool {
	ev := &r.path.Events[e]
	if ev.Kind != graph.Read && ev.Kind != graph.Write || slices.ContainsFunc(r.path.RMW, func(x graph.Edge) bool { return x.From == e || x.To == e }) {
		return false
	}
	return slices.ContainsFunc(r.born, func(a allocation) bool {
		o := &r.prog.Objects[a.object]
		return o.Cell <= ev.Loc && ev.Loc < o.Cell+o.Size && a.events >= r.given
	})
}
