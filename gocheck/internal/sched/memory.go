package sched

// memory is what programs access: objects by operations, and words by plain accesses. It
// knows the last accesses to each word, and the versions of both.
//
// It finds a race of two plain accesses, or of a plain access and an operation, from the
// clocks of their threads. A method that finds a race ends there, and returns it. If races are
// ignored, none is found.
type memory struct {
	shadows shadows
	std     shadows // of the accesses by the standard library (library.go)
	placed  int     // objects that are entered in the shadows
	objs    *objects
	exec    *execution
	ignores bool // races are ignored
	taken   bool // the last access by the library has ended reads of memory that it had written

	// wake is called when an object, or a word as ^number of its shadow, has a new version.
	wake func(obj int32, version uint32)
}

func (m *memory) reset() {
	m.shadows.reset()
	m.std.reset()
	m.placed = 0
}

// accessRange is the part of a plain access that is in the shadows.
func (m *memory) accessRange(t *thread, lo, hi uintptr, write bool) *racing {
	s := &m.shadows
	for lo < hi {
		var c piece
		c, lo = s.next(lo, hi)
		if i := *c.head; i != nothing && s.list[i].mask == c.mask {
			if r := m.accessShadow(t, i, c.at, write); r != nil { // the whole piece
				return r
			}
			continue
		}
		s.cover(c)
		for i := *c.head; i != nothing; i = s.list[i].next {
			if s.list[i].mask&c.mask != 0 {
				if r := m.accessShadow(t, i, c.at, write); r != nil {
					return r
				}
			}
		}
	}
	return nil
}

// accessShadow is the part of a plain access that lies in one shadow, which is of
// the cell at address at.
func (m *memory) accessShadow(t *thread, i int32, at uintptr, write bool) *racing {
	s := &m.shadows.list[i]
	if write && s.wrote == t.clock[t.id] && s.writer == t.id && s.readers.at == 0 && s.obj == noObj && !s.readers.many {
		return nil // its last access was the same
	}
	if s.wrote > t.clock[s.writer] && !m.ignores {
		return &racing{at: at, mask: s.mask, write: write, other: s.writer, wrote: true}
	}
	if s.obj != noObj {
		if r := m.mixed(t, s, racing{at: at, mask: s.mask, write: write}); r != nil {
			return r
		}
	}
	if !write {
		s.readers.add(m.exec, t)
		t.saw(seen{obj: ^i, version: s.version})
		return nil
	}
	if u := s.readers.unseen(t.clock); u != nothing && !m.ignores {
		return &racing{at: at, mask: s.mask, write: write, other: u}
	}
	own := s.wrote != 0 && s.writer == t.id && !s.readers.many && (s.readers.at == 0 || s.readers.thread == t.id)
	s.readers.clear()
	s.writer, s.wrote = t.id, t.clock[t.id]
	if !own { // otherwise no thread waits for it
		s.version++
		m.wake(^i, s.version)
	}
	return nil
}

// mixed compares a plain access with the operations of the object in the same
// memory. They are looked up at the first such access, because most objects
// have no plain accesses.
func (m *memory) mixed(t *thread, s *shadow, r racing) *racing {
	r.otherAtomic = true
	for id := s.obj; id != noObj; id = m.objs.at(id).under {
		o := m.objs.at(id)
		o.plain = true
		m.lookUp(o, id)
		if m.ignores {
			continue
		}
		if u := unseen(o.changes, t.clock); u != nothing {
			r.other, r.wrote = u, true
			return &r
		}
		if u := unseen(o.looks, t.clock); r.write && u != nothing {
			r.other, r.wrote = u, false
			return &r
		}
	}
	return nil
}

// lookUp notes the last operations on o by each goroutine.
func (m *memory) lookUp(o *object, id int32) {
	if o.upTo == 0 {
		o.looks, o.changes = m.exec.zeroClock(o.looks), m.exec.zeroClock(o.changes)
	}
	for ; o.upTo < m.exec.depth; o.upTo++ {
		switch e := &m.exec.events[o.upTo]; {
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
func (m *memory) besidePlain(t *thread, o *object, k Kind) *racing {
	if m.ignores {
		return nil
	}
	if r := m.beside(&m.std, t, o.lo, o.hi, racing{write: k != Read, atomic: true, otherStd: true}); r != nil {
		return r
	}
	s := &m.shadows
	for lo, hi := o.lo, o.hi; lo < hi; {
		var c piece
		c, lo = s.next(lo, hi)
		for i := *c.head; i != nothing; i = s.list[i].next {
			h := &s.list[i]
			if h.mask&c.mask == 0 {
				continue
			}
			if h.wrote > t.clock[h.writer] {
				return &racing{at: c.at, mask: h.mask, write: k != Read, atomic: true, other: h.writer, wrote: true}
			}
			if u := h.readers.unseen(t.clock); k != Read && u != nothing {
				return &racing{at: c.at, mask: h.mask, write: true, atomic: true, other: u}
			}
		}
	}
	return nil
}

// placeObjects enters new objects into the shadows of their memory.
func (m *memory) placeObjects() {
	for ; m.placed < m.objs.n; m.placed++ {
		m.placeObject(int32(m.placed))
	}
}

func (m *memory) placeObject(id int32) {
	o, s := m.objs.at(id), &m.shadows
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

// version is the present version of obj, or of a word.
func (m *memory) version(obj int32) uint32 {
	if obj < 0 {
		return m.shadows.list[^obj].version
	}
	return m.objs.at(obj).version
}

// current is the present version of the object of s.
func (m *memory) current(s seen) uint32 {
	if s.section {
		return m.objs.at(s.obj).content
	}
	return m.version(s.obj)
}

// isFutile reports whether t's next step begins a round that is known to be in vain.
func (m *memory) isFutile(t *thread) bool {
	for _, s := range t.futile {
		if m.current(s) != s.version {
			return false
		}
	}
	return len(t.futile) > 0
}
