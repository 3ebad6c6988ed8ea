package interp

import (
	"maps"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// An Interpreter is Run that can be stopped and looked at on the way.
type Interpreter struct{ interpreter }

// New returns a thread at its start; see Run.
func New(p *ir.Program, th *ir.Thread, mem []int64) *Interpreter {
	return &Interpreter{begin(p, th, mem)}
}

// Resume is New on memory in which cells have been freed; freed has them, with
// the place of the free.
func Resume(p *ir.Program, th *ir.Thread, mem []int64, freed map[int]graph.Pos) *Interpreter {
	i := New(p, th, mem)
	maps.Copy(i.freed, freed)
	return i
}

// Run goes on to the end, or to the first instruction for whose index stop
// returns true. The next Run performs that instruction. ended is false then.
// Errors are those of Run.
func (i *Interpreter) Run(stop func(at int) bool) (ended bool, err error) {
	for step := range maxSteps {
		switch {
		case i.pc == len(i.th.Instr):
			return true, nil
		case step > 0 && stop != nil && stop(i.pc):
			return false, nil
		}
		in := &i.th.Instr[i.pc]
		i.pc++
		if err := i.step(in); err != nil {
			return false, err
		}
	}
	return false, &Endless{Pos: i.th.Instr[min(i.pc, len(i.th.Instr)-1)].Pos}
}

// At is the index of the next instruction, Eval the value of an expression there,
// and Regs the registers, of which Set changes one.
func (i *Interpreter) At() int               { return i.pc }
func (i *Interpreter) Eval(e *ir.Expr) int64 { return i.eval(e) }
func (i *Interpreter) Regs() []int64         { return slices.Clone(i.regs) }
func (i *Interpreter) Set(r ir.Reg, v int64) { i.regs[r] = v }

// Memory is the values of the cells. Written reports whether a cell has been
// written.
func (i *Interpreter) Memory() []int64       { return i.mem }
func (i *Interpreter) Written(cell int) bool { return i.written[cell] }

// Freed has the cells that have been freed, with the place of the free.
func (i *Interpreter) Freed() map[int]graph.Pos { return i.freed }

// Allocated has the objects that have been allocated.
func (i *Interpreter) Allocated() []int { return i.given }

// Less returns the instructions of the thread, without the objects that Allocs
// have already returned.
func (i *Interpreter) Less() []ir.Instr {
	code := slices.Clone(i.th.Instr)
	for at, n := range i.allocs {
		in := &code[at-1]
		in.Objects = in.Objects[n:]
	}
	return code
}
