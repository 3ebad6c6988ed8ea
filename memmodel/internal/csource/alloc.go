package csource

import "cmp"

// The calls of functions that allocate: what they ask the heap for.

// alloc takes memory from the heap.
func (l *lowerer) alloc(e *expr) value {
	size, how := l.rvalue(e.args[0]), l.rvalue(e.args[1])
	a := l.allocation(e, size)
	if a.t != nil && how.isConst() && how.e.K&allocOne != 0 {
		a.size = known(a.t.size)
	}
	a.unset = !how.isConst() || how.e.K&allocZeroed == 0
	if a.percpu = e.name == "__cc_alloc_percpu"; a.percpu {
		a.copies = l.rvalue(e.args[2]).e.K
	}
	return l.heap.allocate(a)
}

// The second argument of __cc_alloc.
const (
	allocZeroed = 1
	allocOne    = 2 // one variable of the type, in place of a size
)

// allocation is what a call asks for whose first argument is the size.
func (l *lowerer) allocation(e *expr, size value) allocation {
	return allocation{
		at: e.at, t: cmp.Or(sizeIn(e.args[0]), size.sizeof, e.becomes), size: size,
		pool: l.pool(), literal: sizeKnown(e.args[0]),
	}
}

// pool is how many objects an allocation can return.
func (l *lowerer) pool() int {
	switch {
	case l.loops == 0 && !hasLabels(l.frame.fn.body):
		return 1
	case l.alone:
		return poolAlone
	}
	return poolSize
}

// alloca takes memory until the function returns.
func (l *lowerer) alloca(e *expr) value {
	size, first := l.rvalue(e.args[0]), len(l.unit.prog.Objects)
	a := l.allocation(e, size)
	a.unset, a.least = true, 1 // an array has an element
	r := l.code.kept(l.heap.allocate(a), pointerT)
	l.frame.taken = append(l.frame.taken, r)
	for i := first; i < len(l.unit.prog.Objects); i++ {
		l.unit.prog.Objects[i].Local = l.frame.fn.name
	}
	return r
}

// realloc takes new memory that begins as the old, and frees that.
func (l *lowerer) realloc(e *expr) value {
	old := l.code.kept(l.rvalue(e.args[0]), pointerT)
	size := l.rvalue(e.args[1])
	return l.heap.reallocate(old, allocation{
		at: e.at, t: cmp.Or(sizeIn(e.args[1]), e.args[0].pointed), size: size, pool: l.pool(), unset: true,
	})
}

// sizeKnown reports whether the text of a size alone determines it.
func sizeKnown(e *expr) bool {
	known := true
	walk(e, func(x *expr) { known = known && (x.kind == constExpr || x.kind == binaryExpr || x.kind == castExpr) })
	return known
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
