package asm

import (
	"math"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A width says in which forms of 32 bits a value is known to fit.
type width uint8

const (
	fitsUnsigned width = 1 << iota // 0 to 2^32-1
	fitsSigned                     // -2^31 to 2^31-1
	fitsBoth     = fitsUnsigned | fitsSigned
)

// narrow takes out of a thread the operations that keep the low 32 bits of what fits 32
// bits anyway: nearly all. They would be computed again and again.
//
// Claim: no value changes. Proof: widths begin with what is best for every register, and
// lose what some definition of it does not keep, until nothing changes. So by induction over
// a run, each register has a value that fits its width. A load is taken to give what the
// cells of the machine hold: of 4 bytes, with or without a sign.
func narrow(p *ir.Program, th *ir.Thread, signed bool) {
	w := widths{regs: make([]width, len(th.Regs)), cells: fitsUnsigned}
	if signed {
		w.cells = fitsSigned
	}
	for r, v := range th.Init {
		w.regs[r] = widthOf(v)
	}
	for w.changed = true; w.changed; {
		w.changed = false
		for i := range th.Instr {
			w.define(&th.Instr[i])
		}
	}
	for i := range th.Instr {
		in := &th.Instr[i]
		for _, e := range [...]**ir.Expr{&in.Addr, &in.Val} {
			if *e != nil {
				*e = w.simplify(*e)
			}
		}
	}
}

type widths struct {
	regs    []width
	cells   width // of a cell of 4 bytes
	changed bool
}

func widthOf(v int64) (w width) {
	if v >= 0 && v <= math.MaxUint32 {
		w |= fitsUnsigned
	}
	if v >= math.MinInt32 && v <= math.MaxInt32 {
		w |= fitsSigned
	}
	return w
}

func (w *widths) define(in *ir.Instr) {
	r := in.Defines()
	if r == ir.NoReg {
		return
	}
	of := width(0)
	switch {
	case in.Op == ir.Assign:
		of = w.of(in.Val)
	case in.Yields:
		of = fitsBoth
	case in.Op == ir.Do && in.Kind == graph.Read && in.Type < 4 && w.cells == fitsUnsigned:
		of = fitsBoth
	case in.Op == ir.Do && in.Kind == graph.Read && in.Type <= 4:
		of = w.cells
	}
	if keep := w.regs[r] & of; keep != w.regs[r] {
		w.regs[r], w.changed = keep, true
	}
}

// of is the width of a value.
func (w *widths) of(e *ir.Expr) width {
	switch e.Op {
	case ir.Const:
		return widthOf(e.K)
	case ir.Load:
		return w.regs[e.R]
	case ir.And:
		a, b := w.of(e.A), w.of(e.B)
		return (a|b)&fitsUnsigned | a&b | positive(e.A) | positive(e.B)
	case ir.Or, ir.Xor:
		return w.of(e.A) & w.of(e.B)
	case ir.Cond:
		return w.of(e.B) & w.of(e.C)
	case ir.Eq, ir.Ne, ir.Lt, ir.Le, ir.Gt, ir.Ge, ir.LAnd, ir.LOr, ir.Not:
		return fitsBoth
	case ir.Sub:
		if _, bits := extension(e); bits > 0 && bits <= 32 {
			return fitsSigned
		}
	}
	return 0
}

// positive is the width of what "and" with e leaves, if e is a number of 31 bits.
func positive(e *ir.Expr) width {
	if e.Op == ir.Const && e.K >= 0 && e.K <= math.MaxInt32 {
		return fitsBoth
	}
	return 0
}

// extension is what e extends the sign of, and from how many bits; 0 if it does not.
func extension(e *ir.Expr) (of *ir.Expr, bits int) {
	if e.Op != ir.Sub || e.A.Op != ir.Xor || e.B.Op != ir.Const || e.A.B.Op != ir.Const || e.A.A.Op != ir.And || e.A.A.B.Op != ir.Const {
		return nil, 0
	}
	for bits = 8; bits <= 32; bits *= 2 {
		if e.B.K == 1<<(bits-1) && e.A.B.K == e.B.K && e.A.A.B.K == 1<<bits-1 {
			return e.A.A.A, bits
		}
	}
	return nil, 0
}

// simplify is e without what keeps the low 32 bits of that which fits them.
func (w *widths) simplify(e *ir.Expr) *ir.Expr {
	if e.Op == ir.Const || e.Op == ir.Load {
		return e
	}
	if e.Op == ir.And && e.B.Op == ir.Const && e.B.K == math.MaxUint32 && w.of(e.A)&fitsUnsigned != 0 {
		return w.simplify(e.A)
	}
	if of, bits := extension(e); bits == 32 && w.of(of)&fitsSigned != 0 {
		return w.simplify(of)
	}
	c := *e
	for _, x := range [...]**ir.Expr{&c.A, &c.B, &c.C} {
		if *x != nil {
			*x = w.simplify(*x)
		}
	}
	return &c
}
