package litmus

import (
	"crosscall/memmodel/internal/ir"
)

// A Test is a litmus test that is ready to be explored.
type Test struct {
	Name string
	Arch string // "C"
	Prog *ir.Program

	Quant    Quantifier
	Cond     *ir.Prop
	Filter   *ir.Prop // nil if there is none
	CondText string   // the condition as herd7 prints it after "Condition "

	// Safety is set if there is no condition: the test holds if no execution fails
	// an assertion, waits forever, misuses memory or accesses what is no variable.
	// Quant is ForAll then, and Cond is true.
	Safety bool
	// RaceFree is set, with Safety, if an execution that the model flags as having a
	// data race is a failure: in C11 a program with one means nothing.
	RaceFree bool

	// Observed is what herd7 lists of each final state, in its order: what the
	// condition and the list of locations name. Registers come first, by thread
	// and name, then variables by name, then elements of arrays. An array named
	// as a whole is listed element by element.
	Observed      []ir.Obs
	ObservedNames []string // as herd7 prints them: "0:r1", "[x]", "a[0]"

	arrays   []span // of Observed: those that are arrays named as a whole
	unsigned []bool // of a cell: negative values are printed as unsigned ones of 32 bits
}

// A span is so many elements of a list from one on.
type span struct{ from, size int }

// A compiler makes a program of an AST.
type compiler struct {
	*AST
	macros *Macros
	prog   *ir.Program
	vars   []variable
	gap    bool // variables must not be next to each other
	regs   []threadRegs
	spare  []ir.Expr // expressions yet to be used, allocated together
}

// A variable is shared; it has one cell, or several if it is an array.
type variable struct {
	name string
	cell int
	size int      // elements; 1 if it is no array
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
func (a *AST) Compile(m *Macros) (t *Test, err error) {
	defer catch(&err)
	c := &compiler{AST: a, macros: m}
	c.prog = &ir.Program{Name: a.Name, Threads: make([]ir.Thread, len(a.procs))}
	c.gap = a.arith || m.anyArith(a.calls)
	c.variables()
	c.initialValues()
	c.regs = make([]threadRegs, len(a.procs))
	for i := range a.procs {
		c.initialRegisters(i)
	}
	for i := range a.procs {
		c.thread(i)
	}
	t = &Test{Name: a.Name, Arch: "C", Prog: c.prog, Quant: a.quant, CondText: condText(a.quant, a.cond)}
	t.Cond = c.checked(a.cond)
	if a.filter != nil {
		t.Filter = c.checked(a.filter)
	}
	c.observe(t)
	t.unsigned = c.unsigned()
	for i := range c.regs {
		c.prog.Threads[i].Regs, c.prog.Threads[i].Init = c.regs[i].names, c.regs[i].values
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
			fail(c.file, in.at, "%s has an initial value already", in.loc.name)
		}
		c.add(variable{name: in.loc.name, size: max(in.size, 1), list: in.size > 0, init: in}, in.lock)
	}
	for i := range c.procs {
		for _, q := range c.procs[i].params {
			if q.pointer {
				v := c.variable(q.name)
				c.prog.Cells[v.cell].Lock = c.prog.Cells[v.cell].Lock || q.lock
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
		for i := range v.size {
			cells[v.cell+i] = true
		}
	}
	return cells
}

func (c *compiler) checkThread(loc location) {
	if loc.thread >= len(c.procs) {
		fail(c.file, loc.at, "there is no thread P%d", loc.thread)
	}
}

func (c *compiler) find(name string) *variable {
	for i := range c.vars {
		if c.vars[i].name == name {
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
	return c.add(variable{name: name, size: 1}, false)
}

func (c *compiler) add(v variable, lock bool) *variable {
	if len(c.prog.Cells) > maxCells {
		fail(c.file, place{1, 1}, "the test has more than %d variables and elements of arrays", maxCells)
	}
	if c.gap && len(c.prog.Cells) > 0 {
		c.prog.Cells = append(c.prog.Cells, make([]ir.Cell, gapCells)...)
	}
	v.cell = len(c.prog.Cells)
	for i := range v.size {
		cell := ir.Cell{Name: v.name, Lock: lock}
		if v.list {
			cell.Name = elementName(v.name, i)
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
			c.prog.Cells[c.find(in.loc.name).cell+k].Init = value
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
		fail(c.file, loc.at, "%d:%s is a register: it has no address", loc.thread, loc.name)
	}
	v := c.variable(loc.name)
	if loc.index == whole {
		return v.cell
	}
	if !v.list || loc.index >= v.size {
		fail(c.file, loc.at, "%s has no element %d", loc.name, loc.index)
	}
	return v.cell + loc.index
}

// threadRegs are the registers of a thread, those that the program needs, and
// the values that registers start with.
type threadRegs struct {
	names  []string
	values []int64
	start  []startValue
}

// A startValue is what a register holds at the start, where that is not 0.
type startValue struct {
	name  string
	value int64
}

func (r *threadRegs) initial(name string) int64 {
	for i := range r.start {
		if r.start[i].name == name {
			return r.start[i].value
		}
	}
	return 0
}

// reg is the register of that name. It is added if it is not there yet.
func (r *threadRegs) reg(name string) ir.Reg {
	for i := range r.names {
		if r.names[i] == name {
			return ir.Reg(i)
		}
	}
	r.names = append(r.names, name)
	r.values = append(r.values, r.initial(name))
	return ir.Reg(len(r.names) - 1)
}

// initialRegisters finds what the registers of a thread start with: parameters
// with the addresses of the variables of their names, others as the initial
// state says.
func (c *compiler) initialRegisters(i int) {
	r := &c.regs[i]
	r.start = make([]startValue, 0, len(c.procs[i].params))
	for _, q := range c.procs[i].params {
		if q.pointer {
			r.start = append(r.start, startValue{q.name, ir.AddrOf(c.variable(q.name).cell)})
		}
	}
	for k := range c.init {
		in := &c.init[k]
		if in.loc.thread != i {
			continue
		}
		for j := range r.start {
			if r.start[j].name == in.loc.name {
				fail(c.file, in.at, "%d:%s has an initial value already", i, in.loc.name)
			}
		}
		if in.size > 0 {
			fail(c.file, in.at, "%d:%s is a register, not an array", i, in.loc.name)
		}
		value := startValue{name: in.loc.name}
		if in.values != nil {
			value.value = c.constant(in.values[0])
		}
		r.start = append(r.start, value)
	}
}
