package explore

import (
	"slices"
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A livelock is an execution in which threads go round loops forever, write each time, and
// change nothing for good. No bound on rounds finds it, and the rounds may be reordered with
// those of others in ever more ways. So it is looked for apart, once, when a loop goes beyond
// the bound.
//
// Claim: let threads run one step after the other, each read reading the last write that
// was performed to its cell. If they come twice to the same place with the same values, in
// registers and in memory, then what lies between can go on forever, and every model that
// allows the execution so far, and of which no check forbids to add an event that is last in
// po, co and rf, allows that. If each thread that has not ended takes a step in between, or
// waits for what is not written in between, the schedule is fair.
//
// Proof: what a thread does next depends on its registers and on what it reads. These are the
// same, so it does the same. An added event is last in each relation, so that it is in no
// cycle of them. The execution up to the second time is made, and the model is asked.
//
// The smallest execution, with threads that take turns:
//
//	do { WRITE_ONCE(*x, 1); WRITE_ONCE(*x, 0); } while (!READ_ONCE(*y));   |   r = READ_ONCE(*x);
//
// Nobody writes to y. What two threads that give way to each other do forever, each step of the
// one followed by one of the other, is one too. Not looked for: ways that depend on a choice
// or on spin_trylock, and programs with sections of readers.
type livelock struct {
	d      *dynamic // its threads, and what their reads read from
	last   []ref    // by cell: the last write
	order  [][]ref  // by cell: the writes
	done   []int    // by thread: events that are performed; the others wait for a turn
	turns  []turn   // so far
	steps  int
	visits map[string]int // by key
}

// A turn is where things were when a thread took a step.
type turn struct {
	key     string // "" if it cannot be compared
	thread  int
	written []int // by cell: the writes that were performed
	idles   int
}

const (
	fewRounds = 3 // of a loop: it may be a short one
	mostSteps = 4000
	mostTurns = 400
)

// findLivelock looks for a livelock, and reports it, when a thread goes round a loop again
// and again for the first time.
func (d *dynamic) findLivelock() {
	if !d.task.prog.Waits || !d.st.Coherent || d.task.cfg.IgnoreChecks || d.team.livelock.Load() {
		return
	}
	if !slices.ContainsFunc(d.th.runners, func(r *thread.Runner) bool { return r.Rounds() > fewRounds }) || hasSections(d.task.prog) {
		return
	}
	if !d.walk.mayLook() || !d.team.livelock.CompareAndSwap(false, true) {
		return
	}
	x := newDynamic(d.team)
	x.partial.keepAll()
	x.th.start(d.team.flows, mostTurns)
	cells, threads := len(d.task.prog.Cells), len(d.team.flows)
	l := &livelock{d: x, last: make([]ref, cells), order: make([][]ref, cells), done: make([]int, threads), visits: map[string]int{}}
	for c := range l.last {
		l.last[c] = ref{graph.InitThread, c}
	}
	l.search(threads - 1)
	d.space.stats.add(x.end())
}

// hasSections reports whether a thread has sections of readers, or waits for them.
func hasSections(p *ir.Program) bool {
	for t := range p.Threads {
		for i := range p.Threads[t].Instr {
			if tags := p.Threads[t].Instr[i].Tags; p.Opens(tags) >= 0 || p.WaitsFor(tags) >= 0 {
				return true
			}
		}
	}
	return false
}

// search gives the threads turns, the one after before first. It returns true when it
// has reported a livelock, or has looked long enough.
func (l *livelock) search(before int) bool {
	threads := len(l.done)
	key := l.key()
	for i := range l.turns {
		if key != "" && l.turns[i].key == key && l.isFair(i) && l.report() {
			return true
		}
	}
	if l.visits[key]++; key != "" && l.visits[key] > 2*threads {
		return false // a fair way back is found, or is none of those that are looked for
	}
	for i := range threads {
		t := (before + 1 + i) % threads
		if l.steps++; l.steps > mostSteps || len(l.turns) > mostTurns || l.d.task.over.Load() {
			return true
		}
		at := l.save()
		l.turns = append(l.turns, turn{key, t, l.written(), l.d.th.runners[t].Idles()})
		if l.step(t) && l.search(t) {
			return true
		}
		l.turns = l.turns[:len(l.turns)-1]
		l.restore(at)
	}
	return false
}

// A saved is where things were.
type saved struct {
	runners []*thread.Runner
	rf      [][]ref
	last    []ref
	order   [][]ref
	done    []int
}

func (l *livelock) save() saved {
	s := saved{slices.Clone(l.d.th.runners), nil, slices.Clone(l.last), slices.Clone(l.order), slices.Clone(l.done)}
	for _, rf := range l.d.th.rf {
		s.rf = append(s.rf, slices.Clone(rf))
	}
	return s
}

func (l *livelock) restore(s saved) {
	copy(l.d.th.runners, s.runners)
	copy(l.last, s.last)
	copy(l.order, s.order)
	copy(l.done, s.done)
	for t := range l.d.th.rf {
		for e := range l.d.th.rf[t] {
			l.d.th.rf[t][e] = undecided
		}
		copy(l.d.th.rf[t], s.rf[t])
	}
}

// step has thread t perform what it has come to, and go on to where it needs a value. It
// returns false if the thread cannot, or waits.
func (l *livelock) step(t int) bool {
	th := l.d.th
	r := th.runners[t]
	switch r.Status() {
	case thread.Running:
	case thread.NeedsValue:
		if !l.perform(t, len(r.Path().Events)) {
			return false
		}
	case thread.NeedsRMW:
		v, _ := th.written(l.last[th.event(ref{t, r.Need()}).Loc])
		ways := r.Ways()
		i := slices.IndexFunc(ways[:], func(way *thread.Runner) bool { return way.Admits(v) })
		if i < 0 {
			return false
		}
		th.runners[t] = ways[i]
		if !l.perform(t, len(ways[i].Path().Events)) {
			return false
		}
	default:
		return false
	}
	next := th.runners[t].Clone()
	next.Run(th.value[t])
	th.reserve(t, next)
	th.runners[t] = next
	switch next.Status() {
	case thread.NeedsValue:
		return l.perform(t, next.Need())
	case thread.NeedsRMW, thread.Ended:
		return l.perform(t, len(next.Path().Events))
	}
	return false
}

// perform performs the events of thread t up to number n. It returns false if one cannot
// be performed, or is not to be.
func (l *livelock) perform(t, n int) bool {
	th := l.d.th
	th.reserve(t, th.runners[t])
	for ; l.done[t] < n; l.done[t]++ {
		r := ref{t, l.done[t]}
		ev := &th.runners[t].Path().Events[r.event]
		if ev.Loc == graph.NoLoc || ev.Kind == graph.Fence {
			continue
		}
		if ev.Kind.Reads() {
			w := l.last[ev.Loc]
			if ev.Kind == graph.LockRead && l.taken(w) || l.d.partial.misuse(w, r) != nil {
				return false
			}
			th.rf[t][r.event] = w
			continue
		}
		l.last[ev.Loc] = r
		l.order[ev.Loc] = append(slices.Clip(l.order[ev.Loc]), r)
	}
	return true
}

// taken reports whether w takes a lock.
func (l *livelock) taken(w ref) bool {
	return !w.initial() && l.d.th.event(w).Kind == graph.LockWrite
}

// written counts the writes that were performed, by cell.
func (l *livelock) written() []int {
	n := make([]int, len(l.order))
	for c, line := range l.order {
		n[c] = len(line)
	}
	return n
}

// key words where the threads are and what memory holds; it is empty if that cannot be
// compared.
func (l *livelock) key() string {
	var b strings.Builder
	for _, r := range l.d.th.runners {
		words, ok := r.Configuration()
		if !ok {
			return ""
		}
		b.WriteString(words)
		b.WriteByte(';')
	}
	for c, w := range l.last {
		if w.initial() {
			continue
		}
		v, ok := l.d.th.written(w)
		if !ok {
			return ""
		}
		b.WriteString(wordsOf(c, int(l.d.th.event(w).Kind), v))
	}
	return b.String()
}

func wordsOf(cell, kind int, v int64) string {
	return strconv.Itoa(cell) + "=" + strconv.Itoa(kind) + " " + strconv.FormatInt(v, 36) + " "
}

// isFair reports whether what has happened since turn i can go on forever: something is
// written, and each thread has ended, or takes a turn and is not idle, or waits for good.
func (l *livelock) isFair(i int) bool {
	if slices.Equal(l.written(), l.turns[i].written) {
		return false
	}
	for t, r := range l.d.th.runners {
		first := slices.IndexFunc(l.turns[i:], func(x turn) bool { return x.thread == t })
		switch {
		case r.UsesLocks(), r.Path().Exits:
			return false
		case r.Status() == thread.Ended:
		case first >= 0:
			if r.Idles() != l.turns[i+first].idles || !l.mayStopAt(t) {
				return false
			}
		case !l.waitsForGood(t, i):
			return false
		}
	}
	return true
}

// mayStopAt reports whether what thread t is about to do can be performed, so that the
// execution may be shown up to there.
func (l *livelock) mayStopAt(t int) bool {
	events := l.d.th.runners[t].Path().Events[l.done[t]:]
	return !slices.ContainsFunc(events, func(e graph.Event) bool { return e.Kind == graph.LockRead })
}

// waitsForGood has thread t wait, if it does so for cells that have not been written since
// turn i.
func (l *livelock) waitsForGood(t, i int) bool {
	at := l.save()
	l.step(t)
	r := l.d.th.runners[t]
	ok := r.Status() == thread.Waits && !r.Path().Idle
	for _, e := range r.Path().Wait {
		cell := r.Path().Events[e].Loc
		w := l.d.th.source(ref{t, e})
		ok = ok && w == at.last[cell] && len(at.order[cell]) == l.turns[i].written[cell]
	}
	rf := slices.Clone(l.d.th.rf[t])
	l.restore(at)
	if ok {
		l.d.th.runners[t] = r
		copy(l.d.th.rf[t], rf)
	}
	return ok
}

// report reports the execution up to here, if the model allows it.
func (l *livelock) report() bool {
	d := l.d
	for t := range d.th.runners {
		r := d.th.runners[t].Clone()
		if r.Status() != thread.Ended && r.Status() != thread.Waits {
			l.perform(t, len(r.Path().Events))
			r = d.th.runners[t].Clone()
			r.GoRound()
		}
		d.th.runners[t] = r
	}
	d.partial.decided = d.partial.decided[:0]
	for t, r := range d.th.runners {
		for e := range r.Path().Events {
			if w := d.th.source(ref{t, e}); w != undecided {
				d.partial.decided = append(d.partial.decided, decision{w, ref{t, e}, false})
			}
		}
	}
	if d.partial.load() != allowed {
		return false
	}
	for c, line := range l.order {
		w := d.st.InitOf[c]
		for _, x := range line {
			if w >= 0 && !d.st.Order(w, d.partial.index(x)) {
				return false
			}
			w = d.partial.index(x)
		}
	}
	if d.partial.askEnd() != allowed {
		return false
	}
	d.finish()
	return true
}
