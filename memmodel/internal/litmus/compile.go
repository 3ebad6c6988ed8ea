package litmus

import (
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A compiler makes a program of an AST.
type compiler struct {
	*AST
	macros *primitive.Macros
	prog   *ir.Program
	vars   []variable
	gap    bool // variables must not be next to each other
	regs   []primitive.ThreadRegs
}

// A variable is shared; it has one cell, or several if it is an array.
type variable struct {
	primitive.Extent
	list bool     // it is an array
	init *initial // nil if it has none
}

// gapCells is how many cells that cannot be accessed come between two variables
// where addresses are computed: an index that goes wrong by as much as that is
// noticed.
const gapCells = 8

// maxCells bounds the memory that a test of a few lines can ask for.
const maxCells = 1 << 14

// Compile makes a program of the test, with m saying what the primitives are.
// Its errors are *Error. Neither a nor m is changed: both can be shared.
func (a *AST) Compile(m *primitive.Macros) (t *ir.Test, err error) {
	defer primitive.Catch(&err)
	c := &compiler{AST: a, macros: m}
	c.prog = &ir.Program{Name: a.Name, Threads: make([]ir.Thread, len(a.procs))}
	c.gap = a.arith || m.AnyArith(a.calls)
	c.variables()
	c.initialValues()
	c.regs = make([]primitive.ThreadRegs, len(a.procs))
	for i := range a.procs {
		c.initialRegisters(i)
	}
	for i := range a.procs {
		c.thread(i)
	}
	t = &ir.Test{Name: a.Name, Arch: "C", Prog: c.prog, Quant: a.quant, CondText: condText(a.quant, a.cond), Sections: m.Sections()}
	t.Cond = c.checked(a.cond)
	if a.filter != nil {
		t.Filter = c.checked(a.filter)
	}
	c.observe(t)
	t.Unsigned = c.unsigned()
	for i := range c.regs {
		c.prog.Threads[i].Regs, c.prog.Threads[i].Init = c.regs[i].Names, c.regs[i].Values
	}
	return t, nil
}

// variables gives cells to all variables: those of the initial state and those
// that threads have as parameters. Others follow where they are named.
func (c *compiler) variables() {
	for i := range c.init {
		in := &c.init[i]
		if in.loc.thread != sharedVar {
			c.checkThread(in.loc)
			continue
		}
		if c.find(in.loc.name) != nil {
			primitive.Fail(c.file, in.at, "%s has an initial value already", in.loc.name)
		}
		c.add(variable{Extent: primitive.Extent{Name: in.loc.name, Size: max(in.size, 1)}, list: in.size > 0, init: in}, in.lock)
	}
	for i := range c.procs {
		for _, q := range c.procs[i].params {
			if q.pointer {
				v := c.variable(q.name)
				c.prog.Cells[v.Cell].Lock = c.prog.Cells[v.Cell].Lock || q.lock
			}
		}
	}
}

// unsigned tells the cells that are declared with an unsigned type. It is nil
// if there are none.
func (c *compiler) unsigned() []bool {
	var cells []bool
	for _, v := range c.vars {
		if v.init == nil || !v.init.unsigned {
			continue
		}
		if cells == nil {
			cells = make([]bool, len(c.prog.Cells))
		}
		for i := range v.Size {
			cells[v.Cell+i] = true
		}
	}
	return cells
}

func (c *compiler) checkThread(loc location) {
	if loc.thread >= len(c.procs) {
		primitive.Fail(c.file, loc.at, "there is no thread P%d", loc.thread)
	}
}

func (c *compiler) find(name string) *variable {
	for i := range c.vars {
		if c.vars[i].Name == name {
			return &c.vars[i]
		}
	}
	return nil
}

// variable finds the variable of that name, or makes it.
func (c *compiler) variable(name string) *variable {
	if v := c.find(name); v != nil {
		return v
	}
	return c.add(variable{Extent: primitive.Extent{Name: name, Size: 1}}, false)
}

func (c *compiler) add(v variable, lock bool) *variable {
	if len(c.prog.Cells) > maxCells {
		primitive.Fail(c.file, primitive.PlaceAt(1, 1), "the test has more than %d variables and elements of arrays", maxCells)
	}
	if c.gap && len(c.prog.Cells) > 0 {
		c.prog.Cells = append(c.prog.Cells, make([]ir.Cell, gapCells)...)
	}
	v.Cell = len(c.prog.Cells)
	for i := range v.Size {
		cell := ir.Cell{Name: v.Name, Lock: lock}
		if v.list {
			cell.Name = elementName(v.Name, i)
		}
		c.prog.Cells = append(c.prog.Cells, cell)
	}
	c.vars = append(c.vars, v)
	return &c.vars[len(c.vars)-1]
}

func (c *compiler) initialValues() {
	for i := range c.init {
		in := &c.init[i]
		if in.loc.thread != sharedVar {
			continue
		}
		for k, v := range in.values {
			value := c.constant(v) // which may add a cell
			c.prog.Cells[c.find(in.loc.name).Cell+k].Init = value
		}
	}
}

// constant is the value of a number or an address.
func (c *compiler) constant(v operand) int64 {
	if v.kind == addrOperand {
		return ir.AddrOf(c.cell(v.loc))
	}
	return v.num
}

// cell is that of a variable or of an element of an array.
func (c *compiler) cell(loc location) int {
	if loc.thread != sharedVar {
		primitive.Fail(c.file, loc.at, "%d:%s is a register: it has no address", loc.thread, loc.name)
	}
	v := c.variable(loc.name)
	if loc.index == whole {
		return v.Cell
	}
	if !v.list || loc.index >= v.Size {
		primitive.Fail(c.file, loc.at, "%s has no element %d", loc.name, loc.index)
	}
	return v.Cell + loc.index
}

// initialRegisters finds what the registers of a thread start with: parameters
// with the addresses of the variables of their names, others as the initial
// state says.
func (c *compiler) initialRegisters(i int) {
	r := &c.regs[i]
	r.Start = make([]primitive.StartValue, 0, len(c.procs[i].params))
	for _, q := range c.procs[i].params {
		if q.pointer {
			r.Start = append(r.Start, primitive.StartValue{Name: q.name, Value: ir.AddrOf(c.variable(q.name).Cell)})
		}
	}
	for k := range c.init {
		in := &c.init[k]
		if in.loc.thread != i {
			continue
		}
		for j := range r.Start {
			if r.Start[j].Name == in.loc.name {
				primitive.Fail(c.file, in.at, "%d:%s has an initial value already", i, in.loc.name)
			}
		}
		if in.size > 0 {
			primitive.Fail(c.file, in.at, "%d:%s is a register, not an array", i, in.loc.name)
		}
		value := primitive.StartValue{Name: in.loc.name}
		if in.values != nil {
			value.Value = c.constant(in.values[0])
		}
		r.Start = append(r.Start, value)
	}
}

func (c *compiler) thread(i int) {
	pr := &c.procs[i]
	l := &primitive.Lowerer{
		File: c.file, Macros: c.macros, Prog: c.prog, WordsOf: c.wordsOf,
		Thread: i, Pr: &pr.Code, Regs: &c.regs[i], Code: make([]ir.Instr, 0, len(pr.Body)+2),
	}
	for _, v := range c.vars {
		l.Arrays = append(l.Arrays, v.Extent)
	}
	l.Stmts(pr.Body, nil)
	c.prog.Threads[i] = l.Made("P" + primitive.Itoa(i))
}
