package csource

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// ordersByTags reports whether the table is one of C11's accesses for the model of a language,
// which knows of no dependencies, and the program has no seq_cst access: see
// ir.Program.Unshared.
func (c *compiler) ordersByTags() bool {
	if _, _, ok := c.macros.Params("c11_load_seq_cst"); !ok {
		return false
	}
	if _, _, machine := c.macros.Params(branchEntry); machine {
		return false
	}
	strong := slices.DeleteFunc(slices.Clone(c.macros.Tags("c11_load_seq_cst")), func(tag string) bool {
		return slices.Contains(c.macros.Tags("c11_load_relaxed"), tag)
	})
	return !slices.ContainsFunc(c.prog.Threads, func(th ir.Thread) bool {
		return slices.ContainsFunc(th.Instr, func(in ir.Instr) bool {
			accesses := in.Op == ir.Do && (in.Kind.Reads() || in.Kind.Writes())
			return accesses && slices.ContainsFunc(strong, func(tag string) bool { return slices.Contains(in.Tags, tag) })
		})
	})
}
