package sched

import "unsafe"

// objects has the variables that the present run has used, by number.
type objects struct {
	list     []object // more than n are kept for later runs
	n        int
	run      uint64 // the number of the present run in this process
	firstRun uint64 // that of the exploration's first run
}

// begin forgets all objects, for the run with this number.
func (o *objects) begin(run uint64) { o.run, o.n = run, 0 }

func (o *objects) at(id int32) *object { return &o.list[id] }

// all are the objects, in the order of their first uses.
func (o *objects) all() []object { return o.list[:o.n] }

// has reports whether h has a number.
func (o *objects) has(h *Header) bool { return h.run == o.run && o.list[h.id].h == h }

// outlived reports whether an earlier run of this exploration has used h last.
func (o *objects) outlived(h *Header) bool { return h.run >= o.firstRun && h.run != o.run }

// enter gives h a number. Its operations access size bytes at p. If h has a number in
// this run already, it is a copy of another variable.
func (o *objects) enter(h *Header, typ string, p unsafe.Pointer, size uintptr) int32 {
	copied := h.run == o.run
	h.run, h.id = o.run, o.add(typ)
	v := o.at(h.id)
	v.h, v.copied = h, copied
	v.mem, v.lo, v.hi = p, uintptr(p), uintptr(p)+size
	return h.id
}

// add makes an object that has no memory of its own.
func (o *objects) add(typ string) int32 {
	if o.n == len(o.list) {
		o.list = append(o.list, object{})
	}
	o.list[o.n].reset(typ)
	o.n++
	return int32(o.n - 1)
}
