package sched

import (
	"slices"
	"testing"
	"unsafe"
)

// A memoryLab has two threads without order between them, and notes what is woken.
type memoryLab struct {
	memory
	objs  objects
	exec  execution
	t, u  *thread
	woken []int32
}

func newMemoryLab() *memoryLab {
	l := &memoryLab{exec: newExecution()}
	l.exec.reset(0)
	l.memory = memory{objs: &l.objs, exec: &l.exec, wake: func(obj int32, _ uint32) { l.woken = append(l.woken, obj) }}
	l.reset()
	for i, t := range []**thread{&l.t, &l.u} {
		*t = &thread{id: int32(i), clock: l.exec.zeroClock(nil)}
		(*t).clock[i] = 1
	}
	return l
}

func (l *memoryLab) access(t *thread, p *[3]uint64, lo, hi int, write bool) *racing {
	base := uintptr(unsafe.Pointer(p))
	return l.accessRange(t, base+uintptr(lo), base+uintptr(hi), write)
}

func TestMemoryFindsRaces(t *testing.T) {
	p := new([3]uint64)
	l := newMemoryLab()
	if l.access(l.t, p, 0, 8, false) != nil || l.access(l.u, p, 0, 8, false) != nil {
		t.Error("two reads do not race")
	}
	if r := l.access(l.u, p, 4, 6, true); r == nil || r.other != 0 || r.wrote {
		t.Errorf("%+v: a write of bytes that another has read", r)
	}
	l.access(l.u, p, 8, 16, true)
	if l.access(l.u, p, 8, 16, true) != nil {
		t.Error("one thread does not race with itself")
	}
	if r := l.access(l.t, p, 15, 20, false); r == nil || r.other != 1 || !r.wrote {
		t.Errorf("%+v: a read of a byte that another has written", r)
	}
	join(l.t.clock, l.u.clock)
	if r := l.access(l.t, p, 8, 16, true); r != nil {
		t.Errorf("%+v: the other access happens before", r)
	}
}

func TestMemoryBesideOperations(t *testing.T) {
	p := new([3]uint64)
	l := newMemoryLab()
	var h Header
	l.objs.run = 1
	id := l.objs.enter(&h, "Uint64", unsafe.Pointer(p), 8)
	l.placeObjects()
	i := l.exec.add(1)
	l.exec.events[i].obj, l.exec.events[i].kind, l.exec.events[i].epoch = id, Write, 1
	if r := l.access(l.t, p, 0, 8, false); r == nil || !r.otherAtomic || r.other != 1 {
		t.Errorf("%+v: a plain read beside a Store", r)
	}
	if l.access(l.t, p, 8, 16, true) != nil {
		t.Error("other memory")
	}
	l.ignores = true
	if l.access(l.t, p, 0, 8, true) != nil {
		t.Error("races are ignored")
	}
	l.ignores = false
	if r := l.besidePlain(l.u, l.objs.at(id), Write); r == nil || !r.atomic || r.other != 0 {
		t.Errorf("%+v: a Store beside a plain write", r)
	}
}

// A word has a new version when another thread may have waited for it.
func TestMemoryVersions(t *testing.T) {
	p := new([3]uint64)
	l := newMemoryLab()
	l.access(l.t, p, 0, 8, true)
	l.access(l.t, p, 0, 8, true)
	if !slices.Equal(l.woken, []int32{^0}) || l.version(^0) != 1 {
		t.Errorf("woken %v, version %d", l.woken, l.version(^0))
	}
	l.objs.add("Mutex")
	l.t.futile = []seen{{obj: 0, version: 0}, {obj: 0, version: 0, section: true}}
	if !l.isFutile(l.t) {
		t.Error("nothing has changed")
	}
	if l.objs.at(0).content++; l.isFutile(l.t) {
		t.Error("what the lock protects has changed")
	}
}
