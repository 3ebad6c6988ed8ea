package sched

import "unsafe"

// The standard library accesses memory of the program: fmt and encoding/json read the
// values that they print. It also has memory of its own, with locks, pools and tables
// whose operations are no steps, so that the order that they make is not known. Its
// accesses are therefore compared with those of the program, but not with each other.
//
// Memory of a pool that the library gives to one goroutine after the other is written
// anew for each, before code of the program sees it (the groups of a slog.HandlerOptions'
// ReplaceAttr). So a write by the library takes the place of its earlier accesses to that
// memory. It does not race with a goroutine that has only read values which the library had
// written for it: these reads are over, and are forgotten. Smallest execution: two goroutines
// that each call fmt.Fprint twice, with a buffer that fmt gives from the first one to the
// second. The second call of the second goroutine would race with the first goroutine.

// LibraryAccess is a plain access by the standard library to size bytes at p. It is
// Access without an effect on loops that wait.
func (x *Explorer) LibraryAccess(p unsafe.Pointer, size uintptr, write bool) {
	t := x.cur
	if x.killing || x.solo || x.probe.thread == t || size == 0 || x.alone() {
		return
	}
	lo, hi := uintptr(p), uintptr(p)+size
	if x.recordsAccesses() {
		x.rec.stdAccess(t, lo, hi, write)
	}
	x.memory.placeObjects()
	x.memory.taken = false
	x.race(t, x.memory.beside(&x.memory.shadows, t, lo, hi, racing{write: write, std: true}))
	if x.memory.taken {
		x.memory.takeOver(t, lo, hi)
	}
	x.memory.accessLibrary(t, p, size, write)
}

// alone reports whether there has only been one goroutine so far in this execution:
// its steps come before those of all others.
func (x *Explorer) alone() bool { return x.threads[0].nkids == 0 && len(x.time.list) == 0 }

// accessLibrary notes an access by the standard library.
func (m *memory) accessLibrary(t *thread, p unsafe.Pointer, size uintptr, write bool) {
	s := &m.std
	known := s.n
	for lo, hi := uintptr(p), uintptr(p)+size; lo < hi; {
		var c piece
		c, lo = s.next(lo, hi)
		s.cover(c)
		for i := *c.head; i != nothing; i = s.list[i].next {
			if h := &s.list[i]; h.mask&c.mask == 0 {
				continue
			} else if write {
				h.readers.clear()
				h.writer, h.wrote = t.id, t.clock[t.id]
			} else {
				h.readers.add(m.exec, t)
			}
		}
	}
	if s.n != known {
		s.alive = append(s.alive, p)
	}
}

// beside compares t's access r to the bytes from lo to hi with those in s.
func (m *memory) beside(s *shadows, t *thread, lo, hi uintptr, r racing) *racing {
	if m.ignores {
		return nil
	}
	for r.at = lo &^ (cellBytes - 1); r.at < hi; r.at += cellBytes {
		mask := maskOf(max(lo, r.at), min(hi, r.at+cellBytes))
		for i := s.peek(r.at); i != nothing; i = s.list[i].next {
			h := &s.list[i]
			if r.mask = h.mask & mask; r.mask == 0 {
				continue
			}
			if h.wrote > t.clock[h.writer] {
				r.other, r.wrote = h.writer, true
				return &r
			}
			if u := h.readers.unseen(t.clock); r.write && u != nothing {
				if m.taken = r.std && r.mask&^m.given(r.at, u) == 0; !m.taken {
					r.other, r.wrote = u, false
					return &r
				}
			}
			if h.obj == noObj {
				continue
			}
			if found := m.mixed(t, h, r); found != nil {
				return found
			}
		}
	}
	return nil
}

// given is the bytes of the cell at this address that the library has written last for
// thread u.
func (m *memory) given(at uintptr, u int32) (mask uint8) {
	for i := m.std.peek(at); i != nothing; i = m.std.list[i].next {
		if h := &m.std.list[i]; h.wrote != 0 && h.writer == u {
			mask |= h.mask
		}
	}
	return mask
}

// takeOver forgets the program's reads of the bytes from lo to hi that do not come before t,
// whose library writes there now.
func (m *memory) takeOver(t *thread, lo, hi uintptr) {
	s := &m.shadows
	for lo < hi {
		if s.peek(lo&^(cellBytes-1)) == nothing {
			lo = lo&^(cellBytes-1) + cellBytes
			continue
		}
		var c piece
		c, lo = s.next(lo, hi)
		s.cover(c)
		for i := *c.head; i != nothing; i = s.list[i].next {
			if h := &s.list[i]; h.mask&c.mask != 0 && h.readers.unseen(t.clock) != nothing {
				h.readers.clear()
			}
		}
	}
}
