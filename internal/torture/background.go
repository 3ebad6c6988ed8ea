package torture

import (
	"math/rand/v2"
	"sync/atomic"

	"crosscall"
	"crosscall/cpumask"
)

// second has the records of functions that are no calls: those of the second class,
// and those that run after a fence.
type second struct {
	seqs   []uint64   // by stream: of its last PostBackground
	begun  [][]uint64 // by CPU and stream: the last PostBackground that has begun there
	fences []uint64   // by CPU: its AfterFences
	after  []uint64   // by CPU: the last AfterFence that has run

	accepted, ran atomic.Uint64 // functions after a fence
}

func (r *run) prepareSecond() {
	ncpu := len(r.cpuStates)
	r.second.seqs = make([]uint64, r.streams)
	r.second.begun = make([][]uint64, ncpu)
	for cpu := range r.second.begun {
		r.second.begun[cpu] = make([]uint64, r.streams)
	}
	r.second.fences, r.second.after = make([]uint64, ncpu), make([]uint64, ncpu)
}

// beside is the same caller, for a function that is not in the order of its calls.
func (who caller) beside() caller {
	who.stream = nil
	return who
}

// background makes a call by PostBackground.
func (r *run) background(who caller, rng *rand.Rand, budget int) {
	cpu := r.pickCPU(rng)
	p := who.stream
	t := r.newTask(opBackground, who.beside(), rng)
	t.budget = budget
	if r.possible(cpu) {
		t.may.Set(cpu)
	}
	var seq uint64
	if p != nil {
		r.second.seqs[p.id]++
		seq = r.second.seqs[p.id]
	}
	var err error
	who.closed(func() {
		err = who.PostBackground(cpu, func(c *crosscall.CPU) {
			t.body(c, func(s *cpuState) {
				s.outermost(r, c, t)
				if p != nil {
					r.inBackgroundOrder(c, p, seq)
				}
				r.work(t, s, c)
			})
		})
	})
	if err != nil {
		t.refusedWith(err, true, cpu)
		return
	}
	t.owe(who, t.may)
}

func (r *run) inBackgroundOrder(c *crosscall.CPU, p *stream, seq uint64) {
	last := &r.second.begun[c.ID()][p.id]
	if seq <= *last {
		r.fail("CPU %d: background function %d of its caller began after %d", c.ID(), seq, *last)
	}
	*last = seq
}

// outermost checks that a function has begun within no other, except an idle
// function that does not return and calls Poll.
func (s *cpuState) outermost(r *run, c *crosscall.CPU, what any) {
	if s.depth != 1 && !(s.idle && s.depth == 2) {
		r.fail("CPU %d: %v began within %d functions", c.ID(), what, s.depth-1)
	}
}

// afterFence unlinks the object, and poisons it after a fence.
func (r *run) afterFence(who caller, rng *rand.Rand, budget int) {
	self := who.self()
	t := r.newTask(opAfterFence, who.beside(), rng)
	t.budget = budget
	t.may = r.sys.PossibleMask()
	if self >= 0 {
		t.may = cpumask.Of(self)
		r.second.fences[self]++
	}
	var number uint64
	if self >= 0 {
		number = r.second.fences[self]
	}
	old := r.object.Swap(new(object))
	fn := func(c *crosscall.CPU) {
		t.body(c, func(s *cpuState) {
			old.poisoned = true
			r.second.ran.Add(1)
			if self >= 0 {
				r.inFenceOrder(t, c, number)
			}
			r.work(t, s, c)
		})
	}
	var err error
	who.closed(func() { err = who.AfterFence(fn) })
	if err != nil {
		t.refusedWith(err, false)
		return
	}
	r.second.accepted.Add(1)
}

func (r *run) inFenceOrder(t *task, c *crosscall.CPU, number uint64) {
	last := &r.second.after[c.ID()]
	if number <= *last {
		r.fail("CPU %d: AfterFence's function %d of this CPU began after %d", c.ID(), number, *last)
	}
	*last = number
	if s := r.cpuStates[c.ID()]; s.depth > crosscall.MaxNesting {
		r.fail("CPU %d: %v began within %d functions", c.ID(), t, s.depth-1)
	}
}

// checkSecond checks that all functions that had to run after a fence have run.
func (r *run) checkSecond() {
	if accepted, ran := r.second.accepted.Load(), r.second.ran.Load(); accepted != ran {
		r.fail("AfterFence accepted %d functions, and %d have run", accepted, ran)
	}
}
