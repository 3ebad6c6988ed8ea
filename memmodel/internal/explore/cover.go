package explore

import (
	"slices"

	"crosscall/memmodel/internal/interp"
	"crosscall/memmodel/internal/ir"
)

// Passes reports whether the execution, in which nothing fails, passes a place.
func (x *Execution) Passes(c *ir.Cover) bool {
	set := func(o ir.Obs) bool {
		v, ok := x.Value(o)
		return ok && v != 0
	}
	return c.Before || slices.ContainsFunc(c.Threads, set) || c.Final != ir.NoReg && x.finalRegs()[c.Final] != 0
}

// finalRegs are the registers of the program's last thread at its end.
func (x *Execution) finalRegs() []int64 {
	s := x.state
	in := interp.Resume(s.Prog, s.Prog.Final, x.lastValues(), x.freed())
	_, _ = in.Run(nil) // it has been run before, and did not fail
	return in.Regs()
}
