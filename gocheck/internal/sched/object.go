package sched

import "unsafe"

// Header makes a variable of a drop-in known to the explorer. The zero value
// is right; it must not be copied once used.
type Header struct {
	run uint64 // the execution that used it last
	id  int32  // its number there
}

// An object is what the explorer knows of a variable in this execution.
type object struct {
	typ     string
	name    string
	h       *Header
	copied  bool           // from a variable that had been used
	mem     unsafe.Pointer // what it is in: held, so that no other variable gets it
	lo, hi  uintptr
	hist    []int32 // events on it, from its last write on; all of them where operations have guards
	run     int     // where in hist the events at its end begin that have one kind
	runKind Kind
	version uint32 // how often its value has changed
	content uint32 // how often what it protects may have

	held    bool
	count   int32
	called  int32 // tickets below have been called
	tickets int32

	released []uint32 // clock of what an acquire sees
	readers  []uint32 // clock of what read locks released
	waiters  []*thread
	items    []item

	// Used for plain accesses to its memory:
	plain   bool     // there may have been some
	under   int32    // the object that was in its place before it
	upTo    int      // events that have been looked up
	looks   []uint32 // the last Read of each goroutine
	changes []uint32 // the last of its other operations
}

// An item is what waits in a Pool.
type item struct {
	value any
	clock []uint32

	collections int // of garbage, before it was put
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

// object gives h a number at its first use in an execution.
func (x *Explorer) object(h *Header, typ string) int32 {
	if h.run == x.run && x.objs[h.id].h == h {
		return h.id
	}
	return x.newObject(h, typ, unsafe.Pointer(h), unsafe.Sizeof(*h))
}

// newObject makes h known. Its operations access size bytes at p.
func (x *Explorer) newObject(h *Header, typ string, p unsafe.Pointer, size uintptr) int32 {
	if h.run >= x.firstRun && h.run != x.run {
		x.fail(Outlived, "this "+typ+" was used in an earlier execution already, and has kept its value: make it inside the body")
	}
	copied := h.run == x.run
	h.run, h.id = x.run, x.addObject(typ)
	o := &x.objs[h.id]
	o.h, o.copied = h, copied
	o.mem, o.lo, o.hi = p, uintptr(p), uintptr(p)+size
	if x.shadows.n > 0 {
		x.placeObjects()
	}
	return h.id
}

// addObject gives a number to an object that has no memory of its own.
func (x *Explorer) addObject(typ string) int32 {
	if x.nobjs == len(x.objs) {
		x.objs = append(x.objs, object{})
	}
	x.objs[x.nobjs].reset(typ)
	x.nobjs++
	return int32(x.nobjs - 1)
}
