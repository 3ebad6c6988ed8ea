package csource

import (
	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A local that is a register may be accessed in another size than its own: *(char *)&n, or
// the bytes of a buffer as a word. The lowest byte is the first.

// A segment is what an access and a cell have in common.
type segment struct {
	cell int
	skip int64 // bytes of the cell before it
	at   int64 // bytes of the access before it
	size int64
}

// segments are the parts of an access to addresses from addr on. It returns false if some of
// them are no cell's.
func (l *locals) segments(addr, size int64) (list []segment, ok bool) {
	for at := int64(0); at < size; {
		s := segment{cell: -1, at: at}
		for skip := int64(0); skip < 8 && s.cell < 0; skip++ {
			if cell, ok := l.prog.CellAt(addr + at - skip); ok && int64(l.prog.Cells[cell].Size) > skip && !l.prog.Cells[cell].Lock {
				s.cell, s.skip = cell, skip
			} else if ok {
				return nil, false
			}
		}
		if s.cell < 0 {
			return nil, false
		}
		s.size = min(int64(l.prog.Cells[s.cell].Size)-s.skip, size-at)
		list = append(list, s)
		at += s.size
	}
	return list, true
}

// promoteBytes makes an access by computations on registers.
func (l *locals) promoteBytes(in *ir.Instr, register func(cell int) ir.Reg) {
	if in.Type == 0 {
		return
	}
	size := int64(in.Type)
	if size > 8 {
		size -= 8
	}
	list, ok := l.segments(in.Addr.K, size)
	if !ok {
		return
	}
	if in.Kind == graph.Read {
		all := known(0).e
		for _, s := range list {
			v := expression(ir.Shr, &ir.Expr{Op: ir.Load, R: register(s.cell)}, known(8*s.skip).e)
			all = expression(ir.Or, all, expression(ir.Shl, expression(ir.And, v, known(maskOf(s.size)).e), known(8*s.at).e))
		}
		if in.Dst != ir.NoReg {
			*in = ir.Instr{Op: ir.Assign, Dst: in.Dst, Val: extended(all, in.Type), Text: in.Text, Pos: in.Pos}
		}
		return
	}
	if len(list) != 1 {
		fail(in.Pos, "this writes to several variables at once, or elements of an array: that is not supported")
	}
	s := list[0]
	r := register(s.cell)
	rest := expression(ir.And, &ir.Expr{Op: ir.Load, R: r}, known(^(maskOf(s.size) << (8 * s.skip))).e)
	part := expression(ir.Shl, expression(ir.And, in.Val, known(maskOf(s.size)).e), known(8*s.skip).e)
	*in = ir.Instr{Op: ir.Assign, Dst: r, Val: extended(expression(ir.Or, rest, part), l.prog.Cells[s.cell].Type), Text: in.Text, Pos: in.Pos}
}

// maskOf has the bits of so many bytes.
func maskOf(size int64) int64 {
	if size == 8 {
		return -1
	}
	return 1<<(8*size) - 1
}

// extended is a value as one of a type that is given by its number.
func extended(e *ir.Expr, t uint8) *ir.Expr {
	if t == 8 {
		return e
	}
	return ir.Extend(e, t)
}
