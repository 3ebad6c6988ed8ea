package csource

import (
	"maps"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// deadMark is the tag of a fence that stands for the end of a local variable's
// life until it is known whether its address escapes.
const deadMark = ".dead"

// endLocals ends the lives of the variables of a call that returns. Variables of a call
// in a loop live on, because the next round uses the same cells; so do those of main.
// Programs in the style of the kernel have no such ends: the models of machines and LKMM
// let the write that ends a life overtake accesses that a compiler keeps before the
// return.
func (l *lowerer) endLocals(f *frame) {
	if l.src.main == nil || f.fn == l.src.main || l.inLoop() {
		return
	}
	for _, p := range f.taken {
		l.emit(ir.Instr{Op: ir.Free, Addr: p.e, Tags: l.freeTags()})
	}
	var ends []int64
	for _, b := range f.vars {
		if b.addr != 0 {
			ends = append(ends, b.addr)
		}
	}
	l.ends(ends, f.fn.name)
}

// endThreadLocals ends the lives of the variables of a thread that runs fn.
func (l *lowerer) endThreadLocals(fn string) {
	l.ends(slices.Collect(maps.Values(l.tls)), fn)
}

// ends ends the lives of variables.
func (l *lowerer) ends(addrs []int64, fn string) {
	slices.Sort(addrs)
	for _, addr := range addrs {
		l.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{deadMark}, Dst: ir.NoReg, Addr: known(addr).e})
		l.th.Instr[len(l.th.Instr)-1].Text = fn
	}
}

// inLoop reports whether the code that is made now may run several times.
func (l *lowerer) inLoop() bool {
	for f := l.frame; f != nil; f = f.up {
		if hasLabels(f.fn.body) {
			return true
		}
	}
	return l.loops > 0
}

// resolveLives replaces the marks: by a free if the address of the local escapes, and
// otherwise by nothing.
func (l *lowerer) resolveLives(f flow) {
	for i := range l.th.Instr {
		in := &l.th.Instr[i]
		if !marked(in, deadMark) {
			continue
		}
		o, ok := f.owner[int(in.Addr.K-ir.AddrBase)]
		if !ok || !f.escaped[o] {
			*in = ir.Instr{Op: ir.Assume, Val: known(1).e, Text: in.Text, Pos: in.Pos}
			continue
		}
		obj := l.own[o]
		for c := obj.cell; c < obj.cell+obj.size; c++ {
			cell := &l.prog.Cells[c]
			cell.Heap = true
			cell.Uninit = !obj.always && canBeUnset(cell)
		}
		l.prog.Objects = append(l.prog.Objects, ir.Object{Cell: obj.cell, Size: obj.size, Local: in.Text})
		*in = ir.Instr{Op: ir.Free, Addr: in.Addr, Tags: l.freeTags(), Text: "the return of " + in.Text, Pos: in.Pos}
	}
}
