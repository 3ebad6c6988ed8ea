package explore

import (
	"sync/atomic"

	"crosscall/memmodel/internal/thread"
)

// The static explorer is for threads that have an end: it is given every path through each
// of them. It combines these, one path a thread, and completes each combination.
type static struct {
	task     *task
	space    *workspace
	choice   [][]*thread.Path // by thread
	paths    []*thread.Path   // by thread: the one that is chosen
	splitter *splitter        // of the work among several; nil if there is one worker
}

func runStatic(t *task, choice [][]*thread.Path) Stats {
	workers := max(1, t.cfg.Workers)
	stats := make([]Stats, workers)
	var next atomic.Int64
	work := func(i int) {
		t.guarded(func() { stats[i] = exploreStatic(t, choice, workers, &next) })
	}
	for i := range workers - 1 {
		t.workers.Go(func() { work(i) })
	}
	work(workers - 1)
	t.workers.Wait()
	var total Stats
	for _, s := range stats {
		total.add(s)
	}
	return total
}

// exploreStatic is the share of one of several workers. next is the first ticket that no
// worker has.
func exploreStatic(t *task, choice [][]*thread.Path, workers int, next *atomic.Int64) Stats {
	s := &static{task: t, space: t.kit.workspace(t), choice: choice, paths: make([]*thread.Path, len(choice))}
	if workers > 1 {
		s.splitter = &splitter{next: next}
		s.splitter.draw()
		s.space.complete.Enter = func(decided int) bool { return s.splitter.claim(decided, len(s.space.state.Reads)) }
	}
	if w := t.cfg.Walk; w != nil {
		s.space.complete.Enter = func(decided int) bool { return w.enterStatic(1 + decided) }
	}
	s.choose(0)
	return t.kit.release(s.space)
}

// A splitter divides the work. All workers go the same way, in the same order, to
// where some decisions have been taken; each such place has a number, and the worker that
// holds the ticket of this number goes on there.
type splitter struct {
	next   *atomic.Int64 // the first ticket that no worker has
	place  int64         // places come by
	ticket int64
}

// splitDepth is how many reads are decided where the work is divided.
const splitDepth = 8

// draw takes a ticket.
func (p *splitter) draw() { p.ticket = p.next.Add(1) - 1 }

// claim reports whether this worker goes on where so many of the reads are decided.
func (p *splitter) claim(decided, reads int) bool {
	if decided != min(splitDepth, reads) {
		return true
	}
	at := p.place
	p.place++
	if at != p.ticket {
		return false
	}
	p.draw()
	return true
}

// choose takes a path through thread t and all after it.
func (s *static) choose(t int) {
	if t == len(s.choice) {
		s.begin()
		return
	}
	for _, p := range s.choice[t] {
		s.paths[t] = p
		s.choose(t + 1)
		if s.space.stopped() || s.task.cfg.Walk.leaves() {
			return
		}
	}
}

// begin explores what the chosen paths through the threads allow.
func (s *static) begin() {
	if w := s.task.cfg.Walk; w != nil && !w.enterStatic(0) {
		return
	}
	st, c := s.space.state, s.space.complete
	ok := st.Load(s.paths)
	if cut := cut(s.paths); cut != nil {
		// Whether the rest of a loop could be reached cannot be told from what
		// comes before it: another thread may wait for a lock that is given back
		// behind the cut, a goal may speak of a value that is written there.
		if ok && c.Possible() {
			s.space.stats.add(Stats{BoundHit: true, Cut: cut})
		}
		return
	}
	if !ok || !st.Begin(false) || c.Hopeless() || !c.Possible() {
		return
	}
	s.space.stats.Tried++
	if st.LoadMachine() {
		c.Run()
	}
}
