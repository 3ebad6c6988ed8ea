package csource

import (
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A code is the instructions of one thread while they are made. It knows values, registers
// and labels; neither memory nor the source, but for the place that is shown.
type code struct {
	src   *Source // for the words of the source that are shown
	th    *ir.Thread
	at    graph.Pos // of the next instructions
	text  string
	names map[string]int // how many registers have a name
	// landed is the last place that a label was put at.
	landed int
}

// A label is a place in the code that may not be known yet.
type label struct {
	at   int
	refs []int
}

const unplaced = -1

func newLabel() *label { return &label{at: unplaced} }

// maxCode bounds the code of one thread, with all calls put in line.
const maxCode = 1 << 15

func (c *code) emit(in ir.Instr) int {
	if len(c.th.Instr) > maxCode {
		fail(c.at, "the thread is too large when all calls are put in line: more than %d instructions", maxCode)
	}
	in.Text, in.Pos = c.text, c.at
	c.th.Instr = append(c.th.Instr, in)
	return len(c.th.Instr) - 1
}

// here sets the place in the source of the next instructions, and returns a
// function that restores the place before.
func (c *code) here(at graph.Pos) (back func()) {
	oldAt, oldText := c.at, c.text
	if at != oldAt && !(inLibrary(at) && oldAt.Line > 0) {
		c.at, c.text = at, c.src.words(at)
	}
	return func() { c.at, c.text = oldAt, oldText }
}

// inLibrary reports whether a place is in a header such as pthread.h. Its code is shown as
// the call in the program, not as what the header makes of it.
func inLibrary(at graph.Pos) bool {
	file := shownFile(at.File)
	return strings.HasPrefix(file, "pthread") || file == "semaphore.h" || file == "threads.h" || file == "linux/refcount.h"
}

// land makes b stand for the next instruction.
func (c *code) land(b *label) {
	b.at = len(c.th.Instr)
	c.landed = b.at
	for _, r := range b.refs {
		c.th.Instr[r].Target = b.at
	}
}

// jump goes to b, whether it is known or not.
func (c *code) jump(b *label) { c.goes(c.emit(ir.Instr{Op: ir.Jump}), b) }

func (c *code) goes(from int, b *label) {
	if b.at != unplaced {
		c.th.Instr[from].Target = b.at
		return
	}
	b.refs = append(b.refs, from)
}

// branchIf goes to b if v is not zero. If v is known, it makes no branch.
func (c *code) branchIf(v value, b *label) {
	if v.isConst() {
		if v.e.K != 0 {
			c.jump(b)
		}
		return
	}
	c.goes(c.emit(ir.Instr{Op: ir.Branch, Val: v.e}), b)
}

func (c *code) branchUnless(v value, b *label) {
	if v.e.Op == ir.Not {
		c.branchIf(value{e: v.e.A}, b)
		return
	}
	c.branchIf(not(v), b)
}

// register makes a register. Users see its name.
func (c *code) register(name string) ir.Reg {
	if n := c.names[name]; n > 0 {
		c.names[name]++
		name += "#" + strconv.Itoa(n+1)
	} else {
		c.names[name] = 1
	}
	c.th.Regs = append(c.th.Regs, name)
	c.th.Init = append(c.th.Init, 0)
	return ir.Reg(len(c.th.Regs) - 1)
}

func (c *code) temp() ir.Reg {
	c.th.Regs = append(c.th.Regs, "."+strconv.Itoa(len(c.th.Regs)+1))
	c.th.Init = append(c.th.Init, 0)
	return ir.Reg(len(c.th.Regs) - 1)
}

func (c *code) set(r ir.Reg, v value) {
	if v.e.Op == ir.Load && v.e.R == r {
		return
	}
	c.emit(ir.Instr{Op: ir.Assign, Dst: r, Val: v.e})
}

func loaded(r ir.Reg, t *ctype) value { return of(&ir.Expr{Op: ir.Load, R: r}, t) }

// kept puts a value into a register of its own, so that it does not change, and
// is computed once.
func (c *code) kept(v value, t *ctype) value {
	if v.isConst() || v.e.Op == ir.Load && c.th.Regs[v.e.R][0] == '.' {
		return v // a temporary is not assigned to by anything else
	}
	r := c.temp()
	c.set(r, v)
	k := loaded(r, t)
	if v.lo != v.hi {
		k.lo, k.hi = max(k.lo, v.lo), min(k.hi, v.hi)
	}
	k.class, k.sizeof = v.class, v.sizeof
	return k
}

// unreachable reports whether the next instruction cannot be reached: the one
// before it jumps away, and no label is here.
func (c *code) unreachable() bool {
	n := len(c.th.Instr)
	return n > 0 && c.th.Instr[n-1].Op == ir.Jump && c.landed != n
}

// ways makes one branch for each value.
func (c *code) ways(values []int64) value {
	r, over := c.temp(), newLabel()
	last := len(values) - 1
	for _, k := range values[:last] {
		next := newLabel()
		c.goes(c.emit(ir.Instr{Op: ir.Fork}), next)
		c.set(r, known(k))
		c.jump(over)
		c.land(next)
	}
	c.set(r, known(values[last]))
	c.land(over)
	return loaded(r, intT)
}
