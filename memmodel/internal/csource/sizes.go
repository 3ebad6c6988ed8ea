package csource

import (
	"fmt"

	"crosscall/memmodel/internal/ir"
)

// Sizes in bytes that are not constant.

// maxElements is the largest number of elements that a size which is not constant can say.
const maxElements = 16

// eachSize makes one branch for each number of elements of type t, from the least on, that
// size can be the size of. Executions with another size are cut off.
func (c *code) eachSize(size value, t *ctype, least int64, do func(n int64)) {
	size = c.kept(size, ulongT)
	over := newLabel()
	for n := least; n <= maxElements; n++ {
		if n*t.size < size.lo && size.lo <= size.hi || n*t.size > size.hi && size.hi > 0 {
			continue
		}
		other := newLabel()
		c.branchUnless(operation(ir.Eq, size, known(n*t.size), ulongT), other)
		do(n)
		c.jump(over)
		c.land(other)
	}
	c.beyondSizes(t, least)
	c.land(over)
}

// eachFlexible makes one branch for each number of elements that a struct which ends with an array
// without a size has, if it has size bytes. The size may be of the struct and the elements, or
// of what is before these: the rest of it, of less than an element, is not used.
func (c *code) eachFlexible(size value, t *ctype, do func(size int64)) {
	size = c.kept(size, ulongT)
	over := newLabel()
	for n := range int64(maxElements + 1) {
		from := t.flexOff + n*t.flex.size
		if size.lo > 0 && from+t.flex.size <= size.lo || from > size.hi && size.hi > 0 {
			continue
		}
		other := newLabel()
		c.branchUnless(operation(ir.Ge, size, known(from), ulongT), other)
		c.branchUnless(operation(ir.Lt, size, known(from+t.flex.size), ulongT), other)
		do(from)
		c.jump(over)
		c.land(other)
	}
	c.beyondSizes(t, 0)
	c.land(over)
}

// beyondSizes cuts off an execution whose size is that of more elements than are tried.
func (c *code) beyondSizes(t *ctype, least int64) value {
	r := c.temp()
	c.emit(ir.Instr{Op: ir.Alloc, Dst: r, Says: fmt.Sprintf("the size here is not that of %d to %d elements of type %s", least, maxElements, t.name)})
	return loaded(r, pointerT)
}

// sized calls do with how many variables of the type that e points at fit into size bytes.
func (c *code) sized(e *expr, size value, do func(t *ctype, n int64)) {
	t := e.pointed
	if t == nil || t.size == 0 || size.isConst() && size.e.K%t.size != 0 {
		fail(c.at, "this needs a pointer to something of which the size is a multiple")
	}
	if !size.isConst() {
		c.eachSize(size, t, 0, func(n int64) { do(t, n) })
		return
	}
	if size.e.K/t.size > maxLeaves {
		fail(c.at, "this is too large")
	}
	do(t, size.e.K/t.size)
}
