package asm

import (
	"slices"
	"strings"

	"crosscall/memmodel/internal/ir"
)

// known are values that something can have: all of them, or some.
type known struct {
	list []int64
	all  bool
}

// maxKnown bounds the values that are listed.
const maxKnown = 8

// add adds values, and reports whether that is new.
func (k *known) add(more known) bool {
	before := *k
	for _, v := range more.list {
		if !slices.Contains(k.list, v) {
			k.list = append(slices.Clip(k.list), v)
		}
	}
	k.all = k.all && more.all && len(k.list) <= maxKnown
	if len(k.list) > maxKnown {
		k.list = k.list[:maxKnown]
	}
	return len(k.list) > len(before.list) || k.all != before.all
}

// flow calls visit with each instruction of a thread that can be reached, and the values
// that each register can have before it.
func flow(th *ir.Thread, visit func(in *ir.Instr, values []known)) {
	entries := make([][]known, len(th.Instr)+1) // before the targets of jumps, and the first instruction
	entries[0] = make([]known, len(th.Regs))
	for r, v := range th.Init {
		entries[0][r].all = true
		if !strings.HasPrefix(th.Regs[r], temporary) {
			entries[0][r].list = []int64{v}
		}
	}
	for pass := (flowPass{th: th, entries: entries}); ; {
		if pass.run(func(*ir.Instr, []known) {}); !pass.again {
			pass.run(visit)
			return
		}
	}
}

// A flowPass goes through a thread from its beginning to its end.
type flowPass struct {
	th      *ir.Thread
	entries [][]known
	again   bool // a jump back has brought new values
}

func (p *flowPass) run(visit func(in *ir.Instr, values []known)) {
	p.again = false
	var values []known // before instruction i; nil if it is reached by jumps only
	for i := range p.th.Instr {
		if p.entries[i] != nil {
			if values != nil {
				p.enter(i, values)
			}
			values = slices.Clone(p.entries[i])
		}
		if values == nil {
			continue
		}
		in := &p.th.Instr[i]
		visit(in, values)
		if r := in.Defines(); r != ir.NoReg {
			values[r] = defined(in, values)
		}
		for _, next := range ir.Successors(p.th, i) {
			if next != i+1 && p.enter(next, values) && next <= i {
				p.again = true
			}
		}
		if in.Op == ir.Jump {
			values = nil
		}
	}
}

// enter adds to the values with which an instruction is reached, and reports whether there
// are new ones.
func (p *flowPass) enter(at int, values []known) (more bool) {
	if p.entries[at] == nil {
		p.entries[at] = slices.Clone(values)
		return true
	}
	for r := range values {
		more = p.entries[at][r].add(values[r]) || more
	}
	return more
}

// defined are the values of the register that an instruction sets.
func defined(in *ir.Instr, values []known) known {
	switch {
	case in.Yields:
		return known{[]int64{0}, true}
	case in.Op == ir.Assign:
		return valuesOf(in.Val, values)
	}
	return known{}
}

// valuesOf are the values that e can have.
func valuesOf(e *ir.Expr, values []known) known {
	switch e.Op {
	case ir.Const:
		return known{[]int64{e.K}, true}
	case ir.Load:
		return values[e.R]
	case ir.Xor, ir.Sub:
		if sameRegister(e.A, e.B) {
			return known{[]int64{0}, true}
		}
	case ir.And:
		if e.B.Op == ir.Const && e.B.K == 0 {
			return known{[]int64{0}, true}
		}
	}
	args := [3]known{{[]int64{0}, true}, {[]int64{0}, true}, {[]int64{0}, true}}
	for i, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x != nil {
			args[i] = valuesOf(x, values)
		}
	}
	out := known{all: args[0].all && args[1].all && args[2].all}
	for _, a := range args[0].list {
		for _, b := range args[1].list {
			for _, k := range args[2].list {
				if v, ok := e.Op.Apply(a, b, k); ok {
					out.add(known{[]int64{v}, true})
				}
			}
		}
	}
	return out
}

// sameRegister reports whether two values are those of one register, or of the same bits
// of one.
func sameRegister(a, b *ir.Expr) bool {
	if a.Op == ir.And && b.Op == ir.And && a.B.Op == ir.Const && b.B.Op == ir.Const && a.B.K == b.B.K {
		a, b = a.A, b.A
	}
	return a.Op == ir.Load && b.Op == ir.Load && a.R == b.R
}
