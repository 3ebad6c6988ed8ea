package csource

import (
	"cmp"
	"fmt"
	"strconv"

	"crosscall/memmodel/internal/ir"
)

// poolSize is how many objects an allocation in a loop can return. poolAlone is
// the same for code that runs by itself, where more objects do not make more
// executions.
const (
	poolSize  = 16
	poolAlone = 64
)

// alloc takes memory from the heap. A place that allocates has a pool of its
// own in each thread.
func (l *lowerer) alloc(e *expr) value {
	size, how := l.rvalue(e.args[0]), l.rvalue(e.args[1])
	t := cmp.Or(sizeIn(e.args[0]), size.sizeof, e.becomes)
	if t != nil && how.isConst() && how.e.K&allocOne != 0 {
		size = known(t.size)
	}
	return l.allocate(e, t, size, !how.isConst() || how.e.K&allocZeroed == 0)
}

// The second argument of __cc_alloc.
const (
	allocZeroed = 1
	allocOne    = 2 // one variable of the type, in place of a size
)

// alloca takes memory until the function returns.
func (l *lowerer) alloca(e *expr) value {
	size, first := l.rvalue(e.args[0]), len(l.prog.Objects)
	r := l.kept(l.allocate(e, cmp.Or(sizeIn(e.args[0]), size.sizeof, e.becomes), size, true), pointerT)
	l.frame.taken = append(l.frame.taken, r)
	for i := first; i < len(l.prog.Objects); i++ {
		l.prog.Objects[i].Local = l.frame.fn.name
	}
	return r
}

const noType = "the type of what is allocated is not known: it needs a sizeof, as in malloc(n * sizeof(struct s)), or a pointer of that type that it is assigned to"

// allocate takes memory for variables of type t. unset says that it is not zeroed.
func (l *lowerer) allocate(e *expr, t *ctype, size value, unset bool) value {
	if t == nil || t.size == 0 {
		fail(e.at, noType)
	}
	if !size.isConst() && t.flex == nil && e.name != "__cc_alloc_percpu" {
		return l.allocateSome(e, t, size, unset)
	}
	if size.isConst() && (size.e.K < 0 || size.e.K > maxLeaves) && !sizeKnown(e.args[0]) {
		return l.beyondSizes(t, 0)
	}
	if !size.isConst() || size.e.K < 0 || t.flex == nil && size.e.K%t.size != 0 || size.e.K > maxLeaves {
		fail(e.at, "the size has to be a multiple of that of %s, and at most %d bytes", t.name, maxLeaves)
	}
	copies := int64(1)
	if e.name == "__cc_alloc_percpu" {
		if copies = max(l.copies, l.rvalue(e.args[2]).e.K); size.e.K > l.percpu {
			fail(e.at, "alloc_percpu hands out at most %d bytes here", l.percpu)
		}
	}
	resized := l.uses(resizeMark)
	n := l.pool()
	var objects []int
	for range n {
		l.heap++
		if resized {
			l.grow(sizeBefore)
		}
		l.align(16) // as malloc does
		cell := len(l.prog.Cells)
		l.blocks(t, size.e.K, copies)
		whole := int((copies-1)*l.percpu + size.e.K)
		for i := range whole {
			c := &l.prog.Cells[cell+i]
			c.Heap, c.Uninit = true, unset && !resized && canBeUnset(c)
		}
		if resized {
			l.prog.Cells[cell-sizeBefore] = ir.Cell{Name: l.prog.Cells[cell].Name + " size", Init: size.e.K, Type: l.number(longT)}
		}
		objects = append(objects, len(l.prog.Objects))
		// malloc(0) has an address of its own, where nothing can be accessed.
		l.prog.Objects = append(l.prog.Objects, ir.Object{Cell: cell, Size: max(whole, 1)})
	}
	r := l.temp()
	l.emit(ir.Instr{Op: ir.Alloc, Dst: r, Objects: objects})
	l.begins(loaded(r, pointerT), t, size.e.K/t.size)
	return loaded(r, pointerT)
}

// pool is how many objects an allocation can return.
func (l *lowerer) pool() int {
	switch {
	case l.loops == 0 && !hasLabels(l.frame.fn.body):
		return 1
	case l.alone:
		return poolAlone
	case l.ofSome:
		return poolSize / 4
	}
	return poolSize
}

// allocateSome takes memory of a size that is not constant. There is a pool for each
// number of elements, so that an index beyond the size is noticed.
func (l *lowerer) allocateSome(e *expr, t *ctype, size value, unset bool) value {
	least := int64(0)
	if e.name == "__cc_alloca" {
		least = 1 // an array has an element
	}
	r := l.temp()
	l.some(func() {
		l.eachSize(size, t, least, func(n int64) { l.set(r, l.allocate(e, t, known(n*t.size), unset)) })
	})
	return loaded(r, pointerT)
}

// some makes allocations of which an execution performs one: their pools are smaller.
func (l *lowerer) some(do func()) {
	outer := l.ofSome
	l.ofSome = true
	do()
	l.ofSome = outer
}

// maxElements is the largest number of elements that a size which is not constant can say.
const maxElements = 16

// eachSize makes one branch for each number of elements of type t, from the least on, that
// size can be the size of. Executions with another size are cut off.
func (l *lowerer) eachSize(size value, t *ctype, least int64, do func(n int64)) {
	size = l.kept(size, ulongT)
	over := newLabel()
	for n := least; n <= maxElements; n++ {
		if n*t.size < size.lo && size.lo <= size.hi || n*t.size > size.hi && size.hi > 0 {
			continue
		}
		other := newLabel()
		l.branchUnless(operation(ir.Eq, size, known(n*t.size), ulongT), other)
		do(n)
		l.jump(over)
		l.land(other)
	}
	l.beyondSizes(t, least)
	l.land(over)
}

// beyondSizes cuts off an execution whose size is that of more elements than are tried.
func (l *lowerer) beyondSizes(t *ctype, least int64) value {
	r := l.temp()
	l.emit(ir.Instr{Op: ir.Alloc, Dst: r, Says: fmt.Sprintf("the size here is not that of %d to %d elements of type %s", least, maxElements, t.name)})
	return loaded(r, pointerT)
}

// sizeKnown reports whether the text of a size alone determines it.
func sizeKnown(e *expr) bool {
	known := true
	walk(e, func(x *expr) { known = known && (x.kind == constExpr || x.kind == binaryExpr || x.kind == castExpr) })
	return known
}

// In a program that uses realloc, a hidden cell right before each object of the heap has
// its size. Memory there is not checked for being read before it is set, because realloc
// copies what is not set, too.
const (
	resizeMark = "realloc"
	sizeBefore = 8
)

// realloc takes new memory that begins as the old, and frees that.
func (l *lowerer) realloc(e *expr) value {
	old := l.kept(l.rvalue(e.args[0]), pointerT)
	size := l.rvalue(e.args[1])
	t := sizeIn(e.args[1])
	if t == nil {
		t = e.args[0].pointed
	}
	switch {
	case t == nil || t.size == 0:
		fail(e.at, noType)
	case t.flex != nil:
		fail(e.at, "realloc of a struct that ends with an array is not supported")
	case size.isConst():
		return l.reallocTo(e, old, t, size)
	}
	r := l.temp()
	l.some(func() {
		l.eachSize(size, t, 0, func(n int64) { l.set(r, l.reallocTo(e, old, t, known(n*t.size))) })
	})
	return loaded(r, pointerT)
}

// reallocTo is realloc to a size that is constant.
func (l *lowerer) reallocTo(e *expr, old value, t *ctype, size value) value {
	to := l.allocate(e, t, size, true)
	none := newLabel()
	l.branchUnless(old, none)
	was := l.kept(l.load(place{reg: ir.NoReg, addr: plus(old, -sizeBefore), t: longT}), longT)
	for off := int64(0); off < size.e.K; off += t.size {
		beyond := newLabel()
		l.branchUnless(value{e: expression(ir.Gt, was.e, known(off).e), lo: 0, hi: 1}, beyond)
		l.copy(place{reg: ir.NoReg, addr: plus(to, off), t: t}, place{reg: ir.NoReg, addr: plus(old, off), t: t})
		l.land(beyond)
	}
	l.emit(ir.Instr{Op: ir.Free, Addr: old.e, Tags: l.freeTags()})
	l.land(none)
	return to
}

// allocEntry is in the tables of models that define happens-before. It is an event at
// which the life of a cell begins.
const allocEntry = "__alloc"

// begins makes the events at which the lives of n adjacent objects of type t begin.
func (l *lowerer) begins(p value, t *ctype, n int64) {
	if _, _, ok := l.macros.Params(allocEntry); !ok || l.src.main == nil {
		return
	}
	for i := range n {
		for _, f := range t.leaves {
			l.primitive(allocEntry, []*ir.Expr{plus(p, i*t.size+f.off).e}, nil, "")
		}
	}
}

// blocks makes the cells of an object on the heap: adjacent variables of one type.
// Per-CPU memory has them once for each CPU.
func (l *lowerer) blocks(t *ctype, size, copies int64) {
	cell := len(l.prog.Cells)
	l.grow((copies-1)*l.percpu + size + gapCells)
	index := func(k int64, most int64) string {
		if most == 1 {
			return ""
		}
		return "[" + strconv.FormatInt(k, 10) + "]"
	}
	name := t.name + "#" + strconv.Itoa(l.heap)
	if t.flex != nil {
		l.cells(cell, name, t)
		for k, off := int64(0), t.flexOff; off+t.flex.size <= size; k, off = k+1, off+t.flex.size {
			l.cells(cell+int(off), name+t.flexName+index(k, size), t.flex)
		}
		return
	}
	for cpu := range copies {
		for k := range size / t.size {
			l.cells(cell+int(cpu*l.percpu+k*t.size), name+index(cpu, copies)+index(k, size/t.size), t)
		}
	}
}

// sizeIn finds the type that a size is computed from by sizeof.
func sizeIn(e *expr) *ctype {
	var t *ctype
	walk(e, func(x *expr) {
		if t == nil {
			t = x.sizeof
		}
	})
	return t
}
