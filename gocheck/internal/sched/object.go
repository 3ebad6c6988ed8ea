package sched

import "unsafe"

// Header identifies a variable of a drop-in to the explorer. The zero value is
// ready for use. It must not be copied after its first use.
type Header struct {
	run uint64 // the execution that used it last
	id  int32  // its number there

	Apart bool // the header is not in the memory of its variable
}

// An object is the explorer's state of a variable in this execution.
type object struct {
	typ     string
	name    string
	h       *Header
	copied  bool           // from a variable that had been used
	mem     unsafe.Pointer // its memory, kept alive so that no other variable gets it
	lo, hi  uintptr
	hist    []int32 // events on it, from its last write on; all of them if operations have guards
	run     int     // where in hist the events at its end begin that have one kind
	runKind Kind
	version uint32 // how often its value has changed
	content uint32 // how often what it protects may have

	held    bool
	count   int32
	called  int32 // tickets below this have been called
	tickets int32

	released []uint32 // the clock that an acquire joins
	readers  []uint32 // the clock that releases of read locks have joined
	waiters  []*thread
	items    []item

	// Plain accesses to the memory of the object use these:
	plain   bool     // there may have been some
	under   int32    // the object that was in its place before it
	upTo    int      // events that have been looked up
	looks   []uint32 // the last Read of each goroutine
	changes []uint32 // the last of its other operations
}

func (o *object) reset(typ string) {
	for i := range o.items {
		o.items[i].value = nil
	}
	*o = object{typ: typ, hist: o.hist[:0], released: o.released[:0], readers: o.readers[:0],
		waiters: o.waiters[:0], items: o.items[:0], under: noObj, looks: o.looks, changes: o.changes}
}

func (o *object) open(g guard, arg int32) bool {
	switch g {
	case free:
		return !o.held
	case zero:
		return o.count == 0
	case notified:
		return arg < o.called
	}
	return true
}

// object returns the number of h, which it gets at its first use in an
// execution.
func (x *Explorer) object(h *Header, typ string) int32 {
	if x.objs.has(h) {
		return h.id
	}
	if h.Apart {
		return x.newObject(h, typ, nil, 0)
	}
	return x.newObject(h, typ, unsafe.Pointer(h), unsafe.Sizeof(*h))
}

// newObject makes an object for h. Its operations access size bytes at p.
func (x *Explorer) newObject(h *Header, typ string, p unsafe.Pointer, size uintptr) int32 {
	if x.objs.outlived(h) {
		x.fail(Outlived, "this "+typ+" was used in an earlier execution already, and has kept its value: make it inside the body")
	}
	id := x.objs.enter(h, typ, p, size)
	if x.memory.shadows.n > 0 {
		x.memory.placeObjects()
	}
	return id
}
