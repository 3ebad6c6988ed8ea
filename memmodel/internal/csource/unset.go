package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A local variable has no value before it is assigned to, and reading it is undefined
// (C11, 6.3.2.1). The variables looked at here are in registers, or were moved there
// because no other thread can access them.
//
// Most reads come after an assignment on every way. A variable of which that is not known
// gets a second register, its flag: 1 while the variable has a value. Each read that may
// come too early is preceded by an assertion.

// An unset is a variable that is declared without a value.
type unset struct {
	at   int // the fence that stands for the declaration
	name string
	reg  ir.Reg // NoReg for one in memory until it is moved to a register
	addr int64
}

// unsetMark is the tag of a fence that stands for a declaration until it is known whether
// the variable has a flag.
const unsetMark = ".unset"

// canBeUnset reports whether reading a cell in memory that nothing has been written to is an
// error. The library's objects are usable from the start.
func canBeUnset(c *ir.Cell) bool { return !c.Lock && !strings.HasSuffix(c.Name, stateMember) }

// startsUnset notes that a variable is declared here without a value.
func (l *locals) startsUnset(v *variable, b *binding) {
	at := l.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Fence, Tags: []string{unsetMark}, Dst: ir.NoReg})
	l.unset = append(l.unset, unset{at, v.name, b.reg, b.addr})
}

// checkUnset asserts that variables are assigned to before they are read.
func (l *locals) checkUnset() {
	if len(l.unset) == 0 {
		return
	}
	becomes := make(map[int][]ir.Instr) // what comes before an instruction, or is put for a mark
	flags := make(map[ir.Reg]ir.Reg)
	for _, v := range l.unset {
		for _, at := range l.code.earlyReads(v) {
			if _, ok := flags[v.reg]; !ok {
				flags[v.reg] = l.code.temp()
			}
			becomes[at] = append(becomes[at], l.code.like(at, ir.Instr{
				Op: ir.Assert, Val: loaded(flags[v.reg], intT).e, Says: v.name + " is read before it has a value",
			}))
		}
	}
	for _, v := range l.unset {
		if flag, ok := flags[v.reg]; ok {
			becomes[v.at] = []ir.Instr{l.code.like(v.at, ir.Instr{Op: ir.Assign, Dst: flag, Val: known(0).e})}
		}
	}
	for i := range l.code.th.Instr {
		if flag, ok := flags[assigned(&l.code.th.Instr[i])]; ok {
			becomes[i] = append(becomes[i], l.code.like(i, ir.Instr{Op: ir.Assign, Dst: flag, Val: known(1).e}))
		}
	}
	l.code.put(becomes)
}

// like is in at the place in the source of an instruction.
func (c *code) like(at int, in ir.Instr) ir.Instr {
	in.Text, in.Pos = c.th.Instr[at].Text, c.th.Instr[at].Pos
	return in
}

// earlyReads lists the instructions that read v and that can be reached from its
// declaration without an assignment to it.
func (c *code) earlyReads(v unset) (reads []int) {
	if v.reg == ir.NoReg {
		return nil
	}
	code := c.th.Instr
	seen := make(map[int]bool)
	for todo := []int{v.at + 1}; len(todo) > 0; {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if i == len(code) || seen[i] {
			continue
		}
		seen[i] = true
		if loads(code[i].Val, v.reg) || loads(code[i].Addr, v.reg) {
			reads = append(reads, i)
		}
		if assigned(&code[i]) != v.reg {
			todo = append(todo, ir.Successors(c.th, i)...)
		}
	}
	return reads
}

// assigned is the register that an instruction assigns to.
func assigned(in *ir.Instr) ir.Reg {
	switch in.Op {
	case ir.Do, ir.Assign, ir.Alloc:
		return in.Dst
	}
	return ir.NoReg
}

// loads reports whether the value of e depends on register r.
func loads(e *ir.Expr, r ir.Reg) bool {
	switch {
	case e == nil:
		return false
	case e.Op == ir.Load:
		return e.R == r
	}
	return loads(e.A, r) || loads(e.B, r) || loads(e.C, r)
}

// put puts instructions before others, and for the marks. A jump to an instruction goes to
// those that are put before it.
func (c *code) put(becomes map[int][]ir.Instr) {
	place := make([]int, len(c.th.Instr)+1)
	var code []ir.Instr
	for i, in := range c.th.Instr {
		place[i] = len(code)
		code = append(code, becomes[i]...)
		if !marked(&in, unsetMark) {
			code = append(code, in)
		}
	}
	place[len(c.th.Instr)] = len(code)
	for i := range code {
		retarget(&code[i], place)
	}
	c.th.Instr = code
}

// retarget has a jump go where its target is now. place has the new index of each
// instruction.
func retarget(in *ir.Instr, place []int) {
	switch in.Op {
	case ir.Branch:
		in.Target, in.Join = place[in.Target], place[in.Join]
	case ir.Jump, ir.Fork:
		in.Target = place[in.Target]
	}
}
