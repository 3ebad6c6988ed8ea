package sched

import (
	"fmt"
	"path"
	"strings"
	"unsafe"
)

// Access is a plain access to size bytes at p.
//
// Claim: it need not be a scheduling point. Proof: two executions are
// equivalent if they differ only in the order of steps that commute, and then
// they have the same happens-before. If it orders all conflicting accesses,
// each read returns the value of the last write before it, whatever the order
// of the other steps. So equivalent executions are the same to the program,
// including plain accesses, and one of them is enough. If two conflicting
// accesses are unordered, they are unordered in each equivalent execution, and
// any one that is run has the race.
func (x *Explorer) Access(p unsafe.Pointer, size uintptr, write bool) {
	t := x.cur
	if x.killing {
		x.leave()
	}
	if x.solo || size == 0 {
		return
	}
	lo, hi := uintptr(p), uintptr(p)+size
	if x.probing == t {
		x.probePlain(t, p, size, write)
		return
	}
	if x.rec != nil {
		x.rec.access(t, lo, hi, write)
	}
	x.placeObjects()
	s := &x.shadows
	known := s.n
	i := int32(nothing)
	if lo/cellBytes == (hi-1)/cellBytes {
		i = s.single(lo, hi)
	}
	if i != nothing {
		x.accessShadow(t, i, lo&^(cellBytes-1), write) // the usual case
	} else {
		x.accessRange(t, lo, hi, write)
	}
	if s.n != known {
		s.alive = append(s.alive, p)
	}
	if write {
		x.writes(t, p, size)
	}
}

// accessRange is the part of a plain access that is in the shadows.
func (x *Explorer) accessRange(t *thread, lo, hi uintptr, write bool) {
	s := &x.shadows
	for lo < hi {
		var c piece
		c, lo = s.next(lo, hi)
		if i := *c.head; i != nothing && s.list[i].mask == c.mask {
			x.accessShadow(t, i, c.at, write) // the whole piece
			continue
		}
		s.cover(c)
		for i := *c.head; i != nothing; i = s.list[i].next {
			if s.list[i].mask&c.mask != 0 {
				x.accessShadow(t, i, c.at, write)
			}
		}
	}
}

// accessShadow is the part of a plain access that lies in one shadow, which is of
// the cell at address at.
func (x *Explorer) accessShadow(t *thread, i int32, at uintptr, write bool) {
	s := &x.shadows.list[i]
	if write && s.wrote == t.clock[t.id] && s.writer == t.id && s.readers.at == 0 && s.obj == noObj && !s.readers.many {
		return // its last access was the same
	}
	if s.wrote > t.clock[s.writer] {
		x.race(t, racing{at: at, mask: s.mask, write: write, other: s.writer, wrote: true})
	}
	if s.obj != noObj {
		x.mixed(t, s, at, write)
	}
	if !write {
		s.readers.add(x, t)
		t.saw(seen{obj: ^i, version: s.version})
		return
	}
	if u := s.readers.unseen(t.clock); u != nothing {
		x.race(t, racing{at: at, mask: s.mask, write: write, other: u})
	}
	own := s.wrote != 0 && s.writer == t.id && !s.readers.many && (s.readers.at == 0 || s.readers.thread == t.id)
	s.readers.clear()
	s.writer, s.wrote = t.id, t.clock[t.id]
	if !own { // otherwise no thread waits for it
		s.changed(x, i)
	}
}

func (s *shadow) changed(x *Explorer, i int32) {
	s.version++
	if x.waiters > 0 {
		x.threads.wake(^i, s.version)
	}
}

// mixed compares a plain access with the operations of the object in the same
// memory. They are looked up at the first such access, because most objects
// have no plain accesses.
func (x *Explorer) mixed(t *thread, s *shadow, at uintptr, write bool) {
	for id := s.obj; id != noObj; id = x.objs.at(id).under {
		o := x.objs.at(id)
		o.plain = true
		x.lookUp(o, id)
		if u := unseen(o.changes, t.clock); u != nothing {
			x.race(t, racing{at: at, mask: s.mask, write: write, other: u, wrote: true, otherAtomic: true})
		}
		if u := unseen(o.looks, t.clock); write && u != nothing {
			x.race(t, racing{at: at, mask: s.mask, write: write, other: u, otherAtomic: true})
		}
	}
}

func (x *Explorer) lookUp(o *object, id int32) {
	if o.upTo == 0 {
		o.looks, o.changes = x.exec.zeroClock(o.looks), x.exec.zeroClock(o.changes)
	}
	for ; o.upTo < x.exec.depth; o.upTo++ {
		switch e := &x.exec.events[o.upTo]; {
		case e.obj != id:
		case e.kind == Read:
			o.looks[e.thread] = e.epoch
		default:
			o.changes[e.thread] = e.epoch
		}
	}
}

// besidePlain compares t's operation on an object, which has just been
// performed, with the plain accesses to the same memory.
func (x *Explorer) besidePlain(t *thread, o *object, k Kind) {
	s := &x.shadows
	for lo, hi := o.lo, o.hi; lo < hi; {
		var c piece
		c, lo = s.next(lo, hi)
		for i := *c.head; i != nothing; i = s.list[i].next {
			h := &s.list[i]
			if h.mask&c.mask == 0 {
				continue
			}
			if h.wrote > t.clock[h.writer] {
				x.race(t, racing{at: c.at, mask: h.mask, write: k != Read, atomic: true, other: h.writer, wrote: true})
			}
			if u := h.readers.unseen(t.clock); k != Read && u != nothing {
				x.race(t, racing{at: c.at, mask: h.mask, write: true, atomic: true, other: u})
			}
		}
	}
}

// placeObjects enters new objects into the shadows of their memory.
func (x *Explorer) placeObjects() {
	for ; x.placed < x.objs.n; x.placed++ {
		x.placeObject(int32(x.placed))
	}
}

func (x *Explorer) placeObject(id int32) {
	o, s := x.objs.at(id), &x.shadows
	for lo, hi := o.lo, o.hi; lo < hi; {
		var c piece
		c, lo = s.next(lo, hi)
		s.cover(c)
		for i := *c.head; i != nothing; i = s.list[i].next {
			if h := &s.list[i]; h.mask&c.mask != 0 {
				o.plain = o.plain || h.wrote != 0 || h.readers.at != 0
				if h.obj != noObj && h.obj != id {
					o.under = h.obj
				}
				h.obj = id
			}
		}
	}
}

// A racing pair is an access of the running goroutine, and one of another.
type racing struct {
	at                 uintptr // of the cell
	mask               uint8   // bytes of it
	write, atomic      bool
	other              int32
	wrote, otherAtomic bool
}

func verb(write, atomic bool) string {
	v := "reads"
	if write {
		v = "writes"
	}
	if atomic {
		v += " atomically"
	}
	return v
}

// racedName is the name of what a step accesses. If a method of the standard library
// accesses it, that is the variable whose method it is.
func (x *Explorer) racedName(s Step) string {
	switch {
	case !s.Plain:
		return x.objectName(int32(s.Object))
	case !s.Own || IsOperation(s.Via):
		return x.plainName(s.Object)
	}
	name := "a variable"
	if strings.Contains(s.Via, ").") { // a method
		if on := receiversAt(use{called: Method(s.Via), at: s.At}); len(on) == 1 {
			name = on[0]
		}
	}
	return fmt.Sprintf("%s (within %s)", name, path.Base(s.Via))
}

func (x *Explorer) race(t *thread, r racing) {
	if x.cfg.NoRaces {
		return
	}
	what, where := "a variable", ""
	if x.rec != nil {
		here, there := x.rec.race(r)
		what = x.racedName(here)
		where = fmt.Sprintf(":\n  %s at %v\n  %s at %v", x.threads.name(t.id), here.At, x.threads.name(r.other), there.At)
	}
	x.fail(Race, fmt.Sprintf("%s %s %s, which %s %s, and nothing orders the two%s", x.threads.name(t.id), verb(r.write, r.atomic),
		what, x.threads.name(r.other), verb(r.wrote, r.otherAtomic), where))
}
