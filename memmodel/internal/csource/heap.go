package csource

import (
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A heap makes the allocations of one thread. A place that allocates has a pool of objects of
// its own in each thread.
type heap struct {
	prog  *ir.Program
	space *space
	code  *code
	mem   *memory
}

// An allocation is what a place in the source asks the heap for.
type allocation struct {
	at   graph.Pos
	t    *ctype // of the variables
	size value
	// pool is how many objects it can return, one in each round of a loop.
	pool  int
	unset bool  // the memory is not zeroed
	least int64 // the number of variables is this or more
	// literal is set if the text of the size alone determines it.
	literal bool
	// percpu is set for memory of which each CPU has a copy. There are at least so many.
	percpu bool
	copies int64
}

// poolSize is how many objects an allocation in a loop can return. poolAlone is
// the same for code that runs by itself, where more objects do not make more
// executions.
const (
	poolSize  = 16
	poolAlone = 64
)

const noType = "the type of what is allocated is not known: it needs a sizeof, as in malloc(n * sizeof(struct s)), or a pointer of that type that it is assigned to"

// In a program that uses realloc, a hidden cell right before each object of the heap has
// its size. Memory there is not checked for being read before it is set, because realloc
// copies what is not set, too.
const (
	resizeMark = "realloc"
	sizeBefore = 8
)

// allocate takes memory. Its value is the address.
func (h *heap) allocate(a allocation) value {
	if a.t == nil || a.t.size == 0 {
		fail(a.at, noType)
	}
	size, isConst := a.size.e.K, a.size.isConst()
	if !isConst && !a.percpu {
		return h.allocateSome(a)
	}
	if isConst && (size < 0 || size > maxLeaves) && !a.literal {
		return h.code.beyondSizes(a.t, 0)
	}
	if !isConst || size < 0 || a.t.flex == nil && size%a.t.size != 0 || size > maxLeaves {
		fail(a.at, "the size has to be a multiple of that of %s, and at most %d bytes", a.t.name, maxLeaves)
	}
	copies := int64(1)
	if a.percpu {
		if copies = max(h.space.copies, a.copies); size > h.space.percpu {
			fail(a.at, "alloc_percpu hands out at most %d bytes here", h.space.percpu)
		}
	}
	var objects []int
	for range a.pool {
		objects = append(objects, h.object(a, size, copies))
	}
	r := h.code.temp()
	h.code.emit(ir.Instr{Op: ir.Alloc, Dst: r, Objects: objects})
	p := loaded(r, pointerT)
	if a.t.flex != nil {
		h.mem.begins(p, a.t, 1)
		h.mem.begins(plus(p, a.t.flexOff), a.t.flex, max(size-a.t.flexOff, 0)/a.t.flex.size)
		return p
	}
	h.mem.begins(p, a.t, size/a.t.size)
	return p
}

// object makes one object of a pool, and returns its number.
func (h *heap) object(a allocation, size, copies int64) int {
	h.space.heap++
	if h.space.resized {
		h.space.grow(sizeBefore)
	}
	h.space.align(16) // as malloc does
	cell := len(h.prog.Cells)
	h.blocks(a.t, size, copies)
	whole := int((copies-1)*h.space.percpu + size)
	for i := range whole {
		c := &h.prog.Cells[cell+i]
		c.Heap, c.Uninit = true, a.unset && !h.space.resized && canBeUnset(c)
	}
	if h.space.resized {
		h.prog.Cells[cell-sizeBefore] = ir.Cell{Name: h.prog.Cells[cell].Name + " size", Init: size, Type: h.space.number(longT)}
	}
	// malloc(0) has an address of its own, where nothing can be accessed.
	h.prog.Objects = append(h.prog.Objects, ir.Object{Cell: cell, Size: max(whole, 1)})
	return len(h.prog.Objects) - 1
}

// allocateSome takes memory of a size that is not constant. There is a pool for each
// number of elements, so that an index beyond the size is noticed.
func (h *heap) allocateSome(a allocation) value {
	r, size := h.code.temp(), a.size
	a = a.oneOfSome()
	each := func(n int64) {
		a.size = known(n)
		h.code.set(r, h.allocate(a))
	}
	if a.t.flex != nil {
		h.code.eachFlexible(size, a.t, each)
	} else {
		h.code.eachSize(size, a.t, a.least, func(n int64) { each(n * a.t.size) })
	}
	return loaded(r, pointerT)
}

// oneOfSome is a as one of several allocations of which an execution performs one: their
// pools are smaller.
func (a allocation) oneOfSome() allocation {
	if a.pool == poolSize {
		a.pool = poolSize / 4
	}
	return a
}

// reallocate takes new memory that begins as the old, and frees that.
func (h *heap) reallocate(old value, a allocation) value {
	switch {
	case a.t == nil || a.t.size == 0:
		fail(a.at, noType)
	case a.t.flex != nil:
		fail(a.at, "realloc of a struct that ends with an array is not supported")
	case a.size.isConst():
		return h.moveTo(old, a)
	}
	r, size := h.code.temp(), a.size
	a = a.oneOfSome()
	h.code.eachSize(size, a.t, 0, func(n int64) {
		a.size = known(n * a.t.size)
		h.code.set(r, h.moveTo(old, a))
	})
	return loaded(r, pointerT)
}

// moveTo is reallocate to a size that is constant.
func (h *heap) moveTo(old value, a allocation) value {
	to := h.allocate(a)
	none := newLabel()
	h.code.branchUnless(old, none)
	was := h.code.kept(h.mem.load(place{reg: ir.NoReg, addr: plus(old, -sizeBefore), t: longT}), longT)
	for off := int64(0); off < a.size.e.K; off += a.t.size {
		beyond := newLabel()
		h.code.branchUnless(value{e: expression(ir.Gt, was.e, known(off).e), lo: 0, hi: 1}, beyond)
		h.mem.copy(place{reg: ir.NoReg, addr: plus(to, off), t: a.t}, place{reg: ir.NoReg, addr: plus(old, off), t: a.t})
		h.code.land(beyond)
	}
	h.code.emit(ir.Instr{Op: ir.Free, Addr: old.e, Tags: h.mem.freeTags()})
	h.code.land(none)
	return to
}

// blocks makes the cells of an object on the heap: adjacent variables of one type.
// Per-CPU memory has them once for each CPU.
func (h *heap) blocks(t *ctype, size, copies int64) {
	cell := len(h.prog.Cells)
	h.space.grow((copies-1)*h.space.percpu + size + gapCells)
	index := func(k int64, most int64) string {
		if most == 1 {
			return ""
		}
		return "[" + strconv.FormatInt(k, 10) + "]"
	}
	name := t.name + "#" + strconv.Itoa(h.space.heap)
	if t.flex != nil {
		h.space.cells(cell, name, t)
		for k, off := int64(0), t.flexOff; off+t.flex.size <= size; k, off = k+1, off+t.flex.size {
			h.space.cells(cell+int(off), name+t.flexName+index(k, size), t.flex)
		}
		return
	}
	for cpu := range copies {
		for k := range size / t.size {
			h.space.cells(cell+int(cpu*h.space.percpu+k*t.size), name+index(cpu, copies)+index(k, size/t.size), t)
		}
	}
}
