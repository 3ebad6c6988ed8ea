package native

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// Unfenced is the test without what orders its accesses: its fences, and the annotations of
// its loads, stores and atomic operations, which become plain loads and stores. Locks stay.
// removed are the words of what was taken away; there is none if nothing is.
func (t *Test) Unfenced() (bare *Test, removed []string) {
	prog := *t.test.Prog
	prog.Threads = slices.Clone(prog.Threads)
	for i := range prog.Threads {
		th := &prog.Threads[i]
		th.Instr = slices.Clone(th.Instr)
		for k := range th.Instr {
			if bareInstr(&th.Instr[k]) && !slices.Contains(removed, th.Instr[k].Text) {
				removed = append(removed, th.Instr[k].Text)
			}
		}
	}
	test := *t.test
	test.Prog = &prog
	return newTest(&test, t.Arch), removed
}

// bareInstr takes away what an instruction orders, and reports whether it ordered anything.
func bareInstr(in *ir.Instr) bool {
	if in.Op != ir.Do {
		return false
	}
	switch in.Kind {
	case graph.Fence:
		*in = ir.Instr{Op: ir.Idle, Text: in.Text, Pos: in.Pos}
		return true
	case graph.Read, graph.Write:
		if len(in.Tags) == 0 && !in.RMW {
			return false
		}
		in.Tags, in.RMW = nil, false
		return true
	}
	return false
}
