package sched

import (
	"testing"
	"unsafe"
)

// A probe ends well if the round reads what it has read before, and nothing else.
func TestProbe(t *testing.T) {
	l := newMemoryLab()
	flag, other := l.objs.add("Uint32"), l.objs.add("Uint32")
	mutex := l.objs.add("Mutex")
	p := probe{mem: &l.memory}
	l.t.reads = []seen{{obj: flag}, {obj: other, version: 3}}
	p.begin(l.t, 7, round{})
	first := p.read(flag)
	if again := p.read(flag); !first || !again || len(l.t.waits) != 1 {
		t.Error("a read that was made before, twice")
	}
	if p.read(other) {
		t.Error("a read of another version")
	}
	for _, o := range []struct {
		op
		ok bool
	}{{op{Load, flag, 0}, true}, {op{lock, mutex, 0}, false}, {op{choose, noObj, 2}, false}, {op{tryLock, flag, 0}, true}} {
		if l.t.op = o.op; p.operation() != o.ok {
			t.Errorf("%+v: %v", o.op, !o.ok)
		}
	}
	if ended, ok := p.spins(8); ended || !ok {
		t.Error("another Spin is within the round")
	}
	if ended, ok := p.spins(7); !ended || !ok {
		t.Error("the round ends at its Spin")
	}
	if p.reads = longProbe; p.read(flag) {
		t.Error("a round that reads without an end")
	}
}

func TestProbeOfPlainMemory(t *testing.T) {
	l := newMemoryLab()
	words := new([3]uint64)
	at := unsafe.Pointer(words)
	l.access(l.t, words, 0, 8, false)
	p := probe{mem: &l.memory}
	p.begin(l.t, 7, round{})
	if !p.access(at, 8, false) || p.access(at, 16, false) {
		t.Error("the first word was read before, the second was not")
	}
	l.t.wrote = []word{{at, 8}}
	if p.begin(l.t, 7, round{}); !p.access(at, 8, true) || p.access(at, 4, true) {
		t.Error("it may write what the round has written")
	}
	words[0]++
	if ended, ok := p.spins(7); !ended || ok {
		t.Error("what was written is not as before")
	}
}

func TestProbeRepeats(t *testing.T) {
	l := newMemoryLab()
	p := probe{mem: &l.memory}
	p.begin(l.t, 7, round{state: 5, known: true})
	if ended, ok := p.repeats(4); ended || !ok {
		t.Error("the round began in another state")
	}
	if ended, ok := p.repeats(5); !ended || ok {
		t.Error("a round that reads nothing does not wait")
	}
	l.t.waits = []seen{{obj: 1}}
	if ended, ok := p.repeats(5); !ended || !ok {
		t.Error("the round has come to its begin")
	}
}
