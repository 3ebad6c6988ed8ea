package asm

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
	arch *arch
	regs []primitive.ThreadRegs
}

// gapCells is how many cells that cannot be accessed come between two variables. An
// address is in bytes, so no access to a variable reaches into another.
const gapCells = 15

// Compile makes a program of the test. Its errors are *primitive.Error. a is not changed.
func (a *AST) Compile() (t *ir.Test, err error) {
	defer primitive.Catch(&err)
	c := &compiler{AST: a, arch: a.arch}
	c.Space = condition.Space{
		File: a.file, Prog: &ir.Program{Name: a.Name, Picks: true, Threads: make([]ir.Thread, len(a.Threads))}, Threads: threads{c},
		Gap: gapCells, Stride: stride,
		CompareRegs: a.arch.compare,
		Missing:     "no instruction has its address, nor is it in the initial state",
	}
	c.regs = make([]primitive.ThreadRegs, len(a.Threads))
	c.Declare(a.Init)
	c.initialRegisters()
	c.SetInitial(a.Init)
	for i := range a.Threads {
		b := &builder{c: c, thread: i}
		b.run(&a.Threads[i])
		c.Prog.Threads[i] = ir.Thread{Name: "P" + primitive.Itoa(i), Instr: b.code}
	}
	t = &ir.Test{Name: a.Name, Arch: a.Arch, Prog: c.Prog, Quant: a.Quant, CondText: condition.Text(a.Quant, a.Cond)}
	t.Cond = c.Space.Compile(a.Cond)
	if a.Filter != nil {
		t.Filter = c.Space.Compile(a.Filter)
	}
	c.Observe(t, &a.Final)
	for i := range c.regs {
		c.Prog.Threads[i].Regs, c.Prog.Threads[i].Init = c.regs[i].Names, c.regs[i].Values
	}
	c.sizes(t)
	return t, nil
}

// stride is the size of an element of an array.
func stride(in *condition.Initial) int {
	size, _ := sizeOf(in.Type)
	if size == 0 {
		return 4
	}
	return size
}

// threads are those of a test that is being compiled.
type threads struct{ *compiler }

func (t threads) Len() int { return len(t.AST.Threads) }

// Has reports whether a thread has a register: every thread has all of its machine.
func (t threads) Has(int, string) bool { return true }

func (t threads) Reg(thread int, register string) ir.Reg { return t.reg(thread, register) }

func (c *compiler) reg(thread int, name string) ir.Reg { return c.regs[thread].Reg(name) }

// initialRegisters finds what registers start with.
func (c *compiler) initialRegisters() {
	for k := range c.Init {
		in := &c.Init[k]
		if in.Loc.Thread == condition.SharedVar {
			continue
		}
		if in.Size > 0 {
			primitive.Fail(c.File, in.At, "%s is a register, not an array", in.Loc.Name)
		}
		value := primitive.StartValue{Name: in.Loc.Name}
		if in.Values != nil {
			value.Value = c.Constant(in.Values[0])
		}
		if in.Loc.Thread == condition.EveryThread {
			for t := range c.regs {
				c.regs[t].Start = append(c.regs[t].Start, value)
			}
			continue
		}
		r := &c.regs[in.Loc.Thread]
		if slices.ContainsFunc(r.Start, func(s primitive.StartValue) bool { return s.Name == in.Loc.Name }) {
			primitive.Fail(c.File, in.At, "%d:%s has an initial value already", in.Loc.Thread, in.Loc.Name)
		}
		r.Start = append(r.Start, value)
	}
}

// symbol is the address of a variable that an instruction names.
func (c *compiler) symbol(name string) *ir.Expr { return num(ir.AddrOf(c.Variable(name).Cell)) }
