package torture

import (
	"math/rand/v2"
	"sync/atomic"

	"crosscall"
)

// stream is a caller whose calls to one CPU must begin in the order in which they
// were made: a goroutine, or a CPU at the outermost level. The calls of a nested
// function are outside of it, because they are made during another call.
type stream struct {
	id      int
	seq     uint64  // of the last call
	pending []*task // posts that have not run everywhere where they must
}

// dropDone drops the posts that have run.
func (p *stream) dropDone() {
	left := p.pending[:0]
	for _, t := range p.pending {
		if m := t.missing(); !m.Empty() {
			left = append(left, t)
		}
	}
	clear(p.pending[len(left):])
	p.pending = left
}

// cpuState is the state of a CPU. Only functions on that CPU use its plain fields,
// without a lock: that is the guarantee that is tested, and the race detector finds
// violations. Stop's function reads them too.
type cpuState struct {
	stream
	seen  []*task // by stream: the last of its calls that has begun here
	depth int     // functions begun and not ended
	open  int     // depth of the innermost function that waits, so that others may be served
	steps uint64  // that functions here have taken
	most  int     // greatest depth

	idle  bool // an idle function runs, with what it has polled within it
	batch *crosscall.Batch
	reactor

	phase atomic.Uint32 // see hotplug
	down  atomic.Bool   // no function may run here
}

// enter begins or continues a function: it checks that the function may run now.
func (r *run) enter(c *crosscall.CPU, what any) *cpuState {
	s := r.cpuStates[c.ID()]
	if s.depth != s.open {
		r.fail("CPU %d: %v began within a function that does not wait (depth %d, open %d)", c.ID(), what, s.depth, s.open)
	}
	s.depth++
	s.most = max(s.most, s.depth)
	if s.down.Load() && !runsOffline(what) {
		r.fail("CPU %d: %v ran although the CPU is offline", c.ID(), what)
	}
	if r.over.Load() {
		r.fail("CPU %d: %v ran after Close", c.ID(), what)
	}
	r.step(s, what)
	return s
}

// runsOffline reports whether something may run on a CPU that is offline, because it
// is no call to that CPU: a function on an offline CPU may itself Stop all CPUs, and
// then runs the Stop's function there.
func runsOffline(what any) bool {
	switch what := what.(type) {
	case *task:
		return what.op == opAfterFence || what.op == opTimer || what.op == opStop && !what.guest
	case op:
		return what == opWatch
	}
	return false
}

// leave ends a function.
func (r *run) leave(s *cpuState, what any) {
	r.step(s, what)
	s.depth--
}

// step is a step of a function, which Stop must prevent.
func (r *run) step(s *cpuState, what any) {
	s.steps++
	if r.stopped != 0 {
		r.fail("%v ran while Stop held all CPUs", what)
	}
	r.progress.Add(1)
}

// serving runs f, a call that may wait: others may be served meanwhile.
func (s *cpuState) serving(f func()) {
	open := s.open
	s.open = s.depth
	defer func() { s.open = open }()
	f()
}

// closed runs f, a call that must not serve others.
func (w caller) closed(f func()) {
	s := w.cpuState
	if s == nil {
		f()
		return
	}
	open := s.open
	s.open = -1
	defer func() { s.open = open }()
	f()
}

// inOrder checks that t, which begins on this CPU, does not overtake.
func (s *cpuState) inOrder(r *run, cpu int, t *task) {
	if t.from == nil {
		return
	}
	if last := s.seen[t.from.id]; last != nil && t.seq <= last.seq {
		r.fail("CPU %d: %v, number %d of caller %d, began after %v, number %d", cpu, t, t.seq, t.from.id, last, last.seq)
	}
	s.seen[t.from.id] = t
}

// spin is work that takes some time.
func spin(rng *rand.Rand) {
	for n := rng.IntN(500); n > 0; n-- {
		spinSink.Load()
	}
}

var spinSink atomic.Uint64
