package litmus

import (
	"slices"

	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// A compiler makes a program of an AST.
type compiler struct {
	*AST
	condition.Space
	macros *primitive.Macros
	regs   []primitive.ThreadRegs
}

// gapCells is how many cells that cannot be accessed come between two variables
// where addresses are computed: an index that goes wrong by as much as that is
// noticed.
const gapCells = 8

// Compile makes a program of the test. m defines the primitives. Errors are of
// type *Error. Neither a nor m is changed: both can be shared.
func (a *AST) Compile(m *primitive.Macros) (t *ir.Test, err error) {
	defer primitive.Catch(&err)
	c := &compiler{AST: a, macros: m}
	c.Space = condition.Space{
		File: a.file, Prog: &ir.Program{Name: a.Name, Threads: make([]ir.Thread, len(a.procs))}, Threads: threads{c},
		Missing: "no thread has it as a parameter, nor is it in the initial state",
	}
	if a.arith || m.AnyArith(a.calls) {
		c.Gap = gapCells
	}
	c.Declare(c.init)
	c.parameters()
	c.SetInitial(c.init)
	c.regs = make([]primitive.ThreadRegs, len(a.procs))
	for i := range a.procs {
		c.initialRegisters(i)
	}
	for i := range a.procs {
		c.thread(i)
	}
	t = &ir.Test{Name: a.Name, Arch: "C", Prog: c.Prog, Quant: a.Quant, CondText: condition.Text(a.Quant, a.Cond), Sections: m.Sections()}
	t.Cond = c.Space.Compile(a.Cond)
	if a.Filter != nil {
		t.Filter = c.Space.Compile(a.Filter)
	}
	c.Observe(t, &a.Final)
	t.Unsigned = c.Unsigned()
	for i := range c.regs {
		c.Prog.Threads[i].Regs, c.Prog.Threads[i].Init = c.regs[i].Names, c.regs[i].Values
	}
	return t, nil
}

// threads are those of a test that is being compiled.
type threads struct{ *compiler }

func (t threads) Len() int { return len(t.procs) }

func (t threads) Has(thread int, register string) bool {
	start := func(s primitive.StartValue) bool { return s.Name == register }
	return slices.Contains(t.procs[thread].Named, register) || slices.ContainsFunc(t.regs[thread].Start, start)
}

func (t threads) Reg(thread int, register string) ir.Reg { return t.regs[thread].Reg(register) }

// parameters gives cells to the variables that threads have as parameters. Others follow
// where they are named.
func (c *compiler) parameters() {
	for i := range c.procs {
		for _, q := range c.procs[i].params {
			if q.pointer {
				v := c.Variable(q.name)
				c.Prog.Cells[v.Cell].Lock = c.Prog.Cells[v.Cell].Lock || q.lock
			}
		}
	}
}

// initialRegisters finds what the registers of a thread start with: parameters
// with the addresses of the variables of their names, others as the initial
// state says.
func (c *compiler) initialRegisters(i int) {
	r := &c.regs[i]
	r.Start = make([]primitive.StartValue, 0, len(c.procs[i].params))
	for _, q := range c.procs[i].params {
		if q.pointer {
			r.Start = append(r.Start, primitive.StartValue{Name: q.name, Value: ir.AddrOf(c.Variable(q.name).Cell)})
		}
	}
	for k := range c.init {
		in := &c.init[k]
		if in.Loc.Thread != i {
			continue
		}
		for j := range r.Start {
			if r.Start[j].Name == in.Loc.Name {
				primitive.Fail(c.file, in.At, "%d:%s has an initial value already", i, in.Loc.Name)
			}
		}
		if in.Size > 0 {
			primitive.Fail(c.file, in.At, "%d:%s is a register, not an array", i, in.Loc.Name)
		}
		value := primitive.StartValue{Name: in.Loc.Name}
		if in.Values != nil {
			value.Value = c.Constant(in.Values[0])
		}
		r.Start = append(r.Start, value)
	}
}

func (c *compiler) thread(i int) {
	pr := &c.procs[i]
	l := &primitive.Lowerer{
		File: c.file, Macros: c.macros, Prog: c.Prog, WordsOf: c.wordsOf,
		Thread: i, Pr: &pr.Code, Regs: &c.regs[i], Code: make([]ir.Instr, 0, len(pr.Body)+2),
	}
	for _, v := range c.Vars {
		l.Arrays = append(l.Arrays, v.Extent)
	}
	l.Stmts(pr.Body, nil)
	c.Prog.Threads[i] = l.Made("P" + primitive.Itoa(i))
}
