package csource

import "crosscall/memmodel/internal/ir"

// branchEntry is in the tables of models that speak of machines. There a branch is
// a branch, and all stores behind it wait for it to be decided. (A compiler may
// find that a branch is not needed, or do without: of that only LKMM knows, for
// which a dependency ends where both ways meet.)
const branchEntry = "__branch"

// neverJoin has every branch reach to the end.
func neverJoin(th *ir.Thread) {
	for i := range th.Instr {
		if th.Instr[i].Op == ir.Branch {
			th.Instr[i].Join = len(th.Instr)
		}
	}
}
