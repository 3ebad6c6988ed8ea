package sched

import (
	"slices"
	"unsafe"
)

// A probe runs the round of a thread at a Spin once more, on the present memory: see Spin.
// The thread then waits until something that the probe has read changes (thread.waits).
//
// A method that returns ok false says that the round does more than to read what it has read
// before: the Spin did not wait.
type probe struct {
	thread *thread // nil: there is none
	mem    *memory
	reads  int
	place  uintptr // of the Spin
	wrote  uint64  // the memory that the thread had written, when the probe began
	from   round   // where its round began
}

const longProbe = 100_000 // more than any round reads

func (p *probe) begin(t *thread, place uintptr, from round) {
	t.waits = t.waits[:0]
	p.thread, p.reads, p.place, p.wrote, p.from = t, 0, place, t.memory(), from
}

func (p *probe) end() { p.thread = nil }

// operation is for the thread's next operation.
func (p *probe) operation() (ok bool) {
	switch o := p.thread.op; {
	case o.code == tryLock || o.code == tryRLock || o.code == tryAnnounce:
		// On a lock that has not changed, the operation fails again.
	case o.obj == noObj || traits[o.code].sync&keepsHistory != 0:
		return false
	}
	return p.read(p.thread.op.obj)
}

// access is for a plain access. The probe may write the memory that the round has
// written; whether its values are the same is checked at the end.
func (p *probe) access(at unsafe.Pointer, size uintptr, write bool) (ok bool) {
	if write {
		return slices.Contains(p.thread.wrote, word{at, size})
	}
	lo, hi := uintptr(at), uintptr(at)+size
	for s := &p.mem.shadows; lo < hi; {
		var c piece
		c, lo = s.next(lo, hi)
		left := c.mask
		for i := *c.head; i != nothing; i = s.list[i].next {
			if m := s.list[i].mask; m&c.mask != 0 {
				left &^= m
				if !p.read(^i) {
					return false
				}
			}
		}
		if left != 0 {
			return false
		}
	}
	return true
}

func (p *probe) read(obj int32) (ok bool) {
	t := p.thread
	p.reads++
	s := seen{obj: obj, version: p.mem.version(obj)}
	if p.reads > longProbe || !contains(t.reads, s) {
		return false
	}
	if !contains(t.waits, s) {
		t.waits = append(t.waits, s)
	}
	return true
}

// spins is for a Spin at a place. The round has ended if it is the place where it began.
func (p *probe) spins(place uintptr) (ended, ok bool) {
	if place == p.place {
		return true, p.thread.memory() == p.wrote
	}
	p.reads++
	return false, p.reads <= longProbe
}

// repeats is for a read at which the thread's state is that of an earlier one. The round has
// ended if it began there: a loop may read at several places, and the way from one to
// the next is no round. A round that reads nothing does not wait.
func (p *probe) repeats(state uint64) (ended, ok bool) {
	p.reads++
	ended = !p.from.known || p.from.state == state
	return ended, p.reads <= longProbe && !(ended && len(p.thread.waits) == 0)
}
