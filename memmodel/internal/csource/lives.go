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
	if l.unit.src.main == nil || f.fn == l.unit.src.main || l.inLoop() {
		return
	}
	for _, p := range f.taken {
		l.code.emit(ir.Instr{Op: ir.Free, Addr: p.e, Tags: l.mem.freeTags()})
	}
	var ends []int64
	for _, b := range f.vars {
		if b.addr != 0 {
			ends = append(ends, b.addr)
		}
	}
	l.code.ends(ends, f.fn.name)
}

// endThreadLocals ends the lives of the variables of a thread that runs fn.
func (l *lowerer) endThreadLocals(fn string) {
	l.code.ends(slices.Collect(maps.Values(l.tls)), fn)
}

// ends ends the lives of variables.
func (c *code) ends(addrs []int64, fn string) {
	slices.Sort(addrs)
	for _, addr := range addrs {
		c.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{deadMark}, Dst: ir.NoReg, Addr: known(addr).e})
		c.th.Instr[len(c.th.Instr)-1].Text = fn
	}
}

// inLoop reports whether the code that is made now may run several times.
func (l *lowerer) inLoop() bool { return l.loops > 0 || l.frame.hasLabels() }

// resolveLives replaces the marks: by a free if the address of the local escapes, and
// otherwise by nothing.
func (l *locals) resolveLives(f flow) {
	for i := range l.code.th.Instr {
		in := &l.code.th.Instr[i]
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
		*in = ir.Instr{Op: ir.Free, Addr: in.Addr, Tags: l.mem.freeTags(), Text: "the return of " + in.Text, Pos: in.Pos}
	}
}
