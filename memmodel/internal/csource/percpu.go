package csource

import (
	"strconv"

	"modernc.org/cc/v4"

	"crosscall/memmodel/internal/ir"
)

// A per-CPU variable has one copy for each CPU, all at the same distance from each
// other, as in the kernel: the address of a copy, or of a member of one, is the
// variable's address plus the distance times the CPU's number. The attribute
// __crosscall_percpu(N) makes a static variable per-CPU.

// leastPercpu is the least distance, so that objects of alloc_percpu fit.
const leastPercpu = 128

// percpuCopies is how many copies the attributes of a variable ask for; 0 if none.
func (c *front) percpuCopies(lists ...*cc.AttributeSpecifierList) int64 {
	for _, l := range lists {
		for ; l != nil; l = l.AttributeSpecifierList {
			a := l.AttributeSpecifier.AttributeValueList
			if a != nil && a.AttributeValue.Token.SrcStr() == percpuAttribute && a.AttributeValue.ArgumentExpressionList != nil {
				return c.number(a.AttributeValue.ArgumentExpressionList.AssignmentExpression)
			}
		}
	}
	return 0
}

const percpuAttribute = "__crosscall_percpu"

// percpuData gives cells to the per-CPU variables.
func (c *compiler) percpuData() {
	c.space.copies = int64(len(c.src.threads))
	offsets := make(map[*variable]int64)
	next := int64(0)
	for _, v := range c.src.statics {
		if v.percpu > 0 {
			offsets[v] = next
			c.space.copies = max(c.space.copies, v.percpu)
			next += (v.t.size+7)/8*8 + gapCells
		}
	}
	c.space.percpu = max((next+15)/16*16, leastPercpu)
	if next == 0 {
		return
	}
	c.space.align(16)
	base := len(c.prog.Cells)
	c.space.grow(c.space.copies * c.space.percpu)
	for v, off := range offsets {
		c.statics[v] = ir.AddrOf(base + int(off))
		for cpu := range c.space.copies {
			c.space.cells(base+int(off+cpu*c.space.percpu), v.name+"["+strconv.FormatInt(cpu, 10)+"]", v.t)
		}
	}
}
