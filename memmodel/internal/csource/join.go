package csource

import "crosscall/memmodel/internal/ir"

// branchEntry is in the tables of models of machines. A machine executes each
// branch, and all later stores wait until it is decided. (A compiler may remove a
// branch. Only LKMM takes that into account: under it a dependency ends where both
// ways meet.)
const branchEntry = "__branch"

// neverJoin makes the control dependencies of every branch reach to the end of the
// thread.
func neverJoin(th *ir.Thread) {
	for i := range th.Instr {
		if th.Instr[i].Op == ir.Branch {
			th.Instr[i].Join = len(th.Instr)
		}
	}
}
