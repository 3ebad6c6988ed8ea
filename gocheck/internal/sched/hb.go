package sched

import (
	"fmt"
	"unsafe"
)

// synchronize gives t's step the happens-before of the Go memory model, which is
// less than the order of steps: a Store does not see the Load before it.
func (x *Explorer) synchronize(t *thread, k Kind) {
	s := traits[t.op.code].sync
	if s&(acquires|releases|joins|readerJoins|readersSeen) == 0 {
		return
	}
	o := &x.objs[t.op.obj]
	if s&acquires != 0 {
		joinSome(t.clock, o.released)
	}
	if s&readersSeen != 0 {
		joinSome(t.clock, o.readers)
	}
	switch {
	case s&releases != 0 && k != Read:
		o.released = append(o.released[:0], t.clock...)
	case s&joins != 0:
		o.released = x.joinInto(o.released, t.clock)
	case s&readerJoins != 0:
		o.readers = x.joinInto(o.readers, t.clock)
	default:
		return
	}
	t.clock[t.id]++
}

// acquire and release are for operations that synchronize only if they succeed.
func (x *Explorer) acquire(t *thread, clock []uint32) {
	if !x.solo && x.probing != t {
		joinSome(t.clock, clock)
	}
}

// joinSome is join where b may be empty.
func joinSome(a, b []uint32) {
	if len(b) > 0 {
		join(a, b)
	}
}

func (x *Explorer) joinInto(a, b []uint32) []uint32 {
	if len(a) == 0 {
		return append(a, b...)
	}
	join(a, b)
	return a
}

// A shadow is what is known of a plain variable: who wrote it last and who has
// read it since, and when by their own clocks. FastTrack (Flanagan, Freund, PLDI
// 2009) calls these epochs.
type shadow struct {
	writer  int32
	wrote   uint32 // 0: never
	read    []uint32
	version uint32
	id      int32
}

// shadows has them by address. The map holds the variables, so that none is
// freed, and its address given to another, before the execution ends.
type shadows struct {
	at   map[unsafe.Pointer]int32
	list []shadow
	n    int
}

func (s *shadows) reset() {
	if s.n > 0 {
		clear(s.at)
		s.n = 0
	}
}

func (s *shadows) get(p unsafe.Pointer) *shadow {
	i, ok := s.at[p]
	if !ok {
		if s.at == nil {
			s.at = map[unsafe.Pointer]int32{}
		}
		if s.n == len(s.list) {
			s.list = append(s.list, shadow{})
		}
		i = int32(s.n)
		s.n++
		s.at[p] = i
		s.list[i] = shadow{read: s.list[i].read[:0], id: i}
	}
	return &s.list[i]
}

// Access is a plain access to the variable at p.
//
// It is no scheduling point, and loses nothing by that. Two executions are
// equivalent if they differ only in the order of steps that commute, and they
// have the same happens-before. If no two conflicting accesses are unordered by
// it, each read returns what the last write before it wrote, in whatever order
// the rest goes; so equivalent executions are the same to the program, plain
// accesses included, and one of them is enough. If two are unordered, they are
// so in each equivalent execution, and whichever is run has the race.
func (x *Explorer) Access(p unsafe.Pointer, write bool) {
	t := x.cur
	if x.killing {
		x.leave()
	}
	if x.solo {
		return
	}
	if x.probing == t {
		x.probePlain(t, p, write)
		return
	}
	s := x.shadows.get(p)
	if x.rec != nil {
		x.rec.access(t, s, write)
	}
	if s.wrote > t.clock[s.writer] {
		x.race(t, s, s.writer, true, write)
	}
	if len(s.read) == 0 {
		s.read = x.zeroClock(s.read)
	}
	if !write {
		s.read[t.id] = t.clock[t.id]
		t.reads = append(t.reads, seen{^s.id, s.version})
		return
	}
	for u, r := range s.read {
		if r > t.clock[u] {
			x.race(t, s, int32(u), false, write)
		}
	}
	clear(s.read)
	s.writer, s.wrote = t.id, t.clock[t.id]
	s.version++
	t.reads = t.reads[:0]
	if x.waiters > 0 {
		x.wakeWaiters(^s.id, s.version)
	}
}

func verb(write bool) string {
	if write {
		return "writes"
	}
	return "reads"
}

func (x *Explorer) race(t *thread, s *shadow, other int32, wrote, write bool) {
	text := fmt.Sprintf("%s %s a variable that %s %s, and nothing orders the two",
		x.threadName(t.id), verb(write), x.threadName(other), verb(wrote))
	if x.rec != nil {
		text += x.rec.places(s, other, wrote)
	}
	x.fail(Race, text)
}
