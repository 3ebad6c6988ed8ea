package explore

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/modelprobe"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A team shares the work of a dynamic explorer: one of the ways to decide a read is
// offloaded to a goroutine of its own, as long as there are fewer of these than there are
// to be workers, and if others at its depth have taken long. What it has found out is
// joined before the explorer asks whether the read is to be postponed.
type team struct {
	task     *task
	flows    []*thread.Flow // by thread
	foreign  [][]int        // by thread: cells that others may read
	weak     *modelprobe.Weakness
	growth   rel.Growth
	alike    []int              // by thread: what findAlike finds; nil if all executions count
	barriers bool               // some thread arrives at one, and not all executions count
	slots    chan struct{}      // has something for each goroutine that there may be beside
	pool     []*dynamic         // not in use; the task's mu is held
	spares   bool               // rounds of loops that are in vain are left out
	pairs    map[string]flagged // by two accesses: see flagsOf
	pairsMu  sync.Mutex
	// livelock: one has been looked for.
	livelock atomic.Bool
}

func newTeam(t *task) *team {
	m := &team{task: t, pairs: map[string]flagged{}, growth: modelprobe.Growth(t.prog), weak: modelprobe.Find(t.kit.Compiled, t.prog, t.cfg.IgnoreChecks || t.cfg.plain.assumeWeak)}
	for i := range t.prog.Threads {
		m.flows = append(m.flows, thread.NewFlow(t.prog, i, true))
	}
	thread.LetHang(m.flows)
	m.spares = t.prog.Waits && !t.cfg.plain.tryInVain && slices.ContainsFunc(t.prog.Threads, goesBack)
	if m.spares {
		for i, f := range m.flows {
			f.SpareLapses(func(write *graph.Event) bool { return m.mustBeOrdered(i, write) })
		}
		thread.SparePolls(m.flows)
	}
	if t.cfg.OfAlike && t.cfg.Filter == nil && t.cfg.Goal == nil {
		m.alike = findAlike(t.prog)
		m.barriers = slices.ContainsFunc(t.prog.Threads, arrives)
	}
	coherent := t.kit.Native()
	if t.cfg.IgnoreChecks {
		coherent = t.cfg.Coherent
	}
	m.findForeign(coherent)
	workers := max(1, t.cfg.Workers)
	m.slots = make(chan struct{}, workers)
	for range workers - 1 {
		m.slots <- struct{}{}
	}
	return m
}

// findForeign lists, for each thread, the cells that others may read.
func (m *team) findForeign(coherent bool) {
	m.foreign = make([][]int, len(m.flows))
	for t := range m.flows {
		for c := range m.task.prog.Cells {
			if !coherent || m.otherMayRead(t, c) {
				m.foreign[t] = append(m.foreign[t], c)
			}
		}
	}
}

// otherMayRead reports whether another thread than t may read cell.
func (m *team) otherMayRead(t, cell int) bool {
	for u, f := range m.flows {
		if u != t && f.MayRead(cell) {
			return true
		}
	}
	return false
}

// shares reports whether there may be other goroutines.
func (m *team) shares() bool { return m.task.cfg.Workers > 1 }

// takeSlot reports whether there may be one more goroutine, and counts it.
func (m *team) takeSlot() bool {
	select {
	case <-m.slots:
		return true
	default:
		return false
	}
}

// worthOffloading is how long a subtask is expected to take that is offloaded. To copy
// what it starts from takes some hundredth of this.
const worthOffloading = 2 * time.Millisecond

// costs has, by depth, how long the ways to decide a read there have taken, the last ones
// counting most.
type costs []time.Duration

// note adds that a way at depth has taken so long.
func (c *costs) note(depth int, took time.Duration) {
	for len(*c) <= depth {
		*c = append(*c, 0)
	}
	(*c)[depth] += (took - (*c)[depth]) / 4
}

// offers reports whether a way to decide a read at the present depth is for another worker.
func (d *dynamic) offers() bool {
	return d.depth < len(d.costs) && d.costs[d.depth] >= worthOffloading && d.team.takeSlot()
}

// timedTry is try. It notes how long it takes, if there are other workers.
func (d *dynamic) timedTry(x decision, m mode) outcome {
	if !d.team.shares() {
		return d.try(x, m)
	}
	start := time.Now()
	o := d.try(x, m)
	d.costs.note(d.depth, time.Since(start))
	return o
}

// A subtask is a part of an explorer's work that another does.
type subtask struct {
	at      int // which choice
	by      *dynamic
	outcome outcome
	took    time.Duration
	whole   bool // it did not panic
	done    chan struct{}
	met     atomic.Bool // it is done, or it is waited for: the first of the two leaves a slot
}

// offload has another goroutine try x.
func (d *dynamic) offload(at int, x decision, m mode) *subtask {
	s := &subtask{at: at, by: d.snapshot(), done: make(chan struct{})}
	d.task.workers.Go(func() {
		defer close(s.done)
		defer d.team.releaseSlot(s)
		start := time.Now()
		d.task.guarded(func() { s.outcome, s.whole = s.by.try(x, m), true })
		s.took = time.Since(start)
	})
	return s
}

// releaseSlot makes room for another goroutine while one of the two has to wait, or ends.
func (m *team) releaseSlot(s *subtask) {
	if s.met.CompareAndSwap(false, true) {
		m.slots <- struct{}{}
	}
}

// join waits for a subtask, and adds what it has found out.
func (d *dynamic) join(s *subtask) outcome {
	d.team.releaseSlot(s)
	<-s.done
	for i := range d.frames.list {
		d.frames.list[i].mayPay = d.frames.list[i].mayPay || s.by.frames.list[i].mayPay
	}
	d.costs.note(d.depth, s.took)
	d.space.stats.add(s.by.space.collect())
	if s.whole {
		d.task.mu.Lock()
		d.team.pool = append(d.team.pool, s.by)
		d.task.mu.Unlock()
	}
	return s.outcome
}

// snapshot is an explorer that has come as far as d.
func (d *dynamic) snapshot() *dynamic {
	o := d.team.fromPool()
	o.partial.copyFrom(d.partial)
	o.frames.list = append(o.frames.list[:0], d.frames.list...)
	o.depth, o.costs = d.depth, append(o.costs[:0], d.costs...)
	return o
}

func (m *team) fromPool() *dynamic {
	m.task.mu.Lock()
	defer m.task.mu.Unlock()
	if n := len(m.pool); n > 0 {
		o := m.pool[n-1]
		m.pool = m.pool[:n-1]
		return o
	}
	return newDynamic(m)
}
