package sched

import (
	"fmt"
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
	if x.probe.thread == t {
		x.unlessWaiting(t, x.probe.access(p, size, write))
		return
	}
	if x.recordsAccesses() {
		x.rec.access(t, lo, hi, write)
	}
	x.memory.placeObjects()
	s := &x.memory.shadows
	known := s.n
	i := int32(nothing)
	if lo/cellBytes == (hi-1)/cellBytes {
		i = s.single(lo, hi)
	}
	if i != nothing {
		x.race(t, x.memory.accessShadow(t, i, lo&^(cellBytes-1), write)) // the usual case
	} else {
		x.race(t, x.memory.accessRange(t, lo, hi, write))
	}
	if s.n != known {
		s.alive = append(s.alive, p)
	}
	if x.memory.std.used > 0 {
		x.race(t, x.memory.beside(&x.memory.std, t, lo, hi, racing{write: write, otherStd: true}))
	}
	if write {
		x.writes(t, p, size)
	}
}

// A racing pair is an access of the running goroutine, and one of another.
type racing struct {
	at                 uintptr // of the cell
	mask               uint8   // bytes of it
	write, atomic      bool
	other              int32
	wrote, otherAtomic bool

	std, otherStd bool // the standard library's
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

// race ends the execution with a race of t, if r is one.
func (x *Explorer) race(t *thread, r *racing) {
	if r == nil {
		return
	}
	what, where := "a variable", ""
	if x.recordsAccesses() {
		here, there := x.rec.race(*r)
		what = x.texts.raced(here, there)
		where = fmt.Sprintf(":\n  %s at %v\n  %s at %v", x.threads.name(t.id), here.At, x.threads.name(r.other), there.At)
	}
	x.fail(Race, fmt.Sprintf("%s %s %s, which %s %s, and nothing orders the two%s", x.threads.name(t.id), verb(r.write, r.atomic),
		what, x.threads.name(r.other), verb(r.wrote, r.otherAtomic), where))
}
