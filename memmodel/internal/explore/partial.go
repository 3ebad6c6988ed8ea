package explore

import (
	"slices"

	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// A partial is an execution whose threads go on: what they have done, and what is decided. It
// knows what values, coherence and the model say of it, and does not explore.
type partial struct {
	team  *team
	task  *task
	st    *execgraph.State
	th    *threads
	paths []*thread.Path // by thread, as they were loaded last
	sym   *symmetry

	// incomplete judges executions whose threads go on. It judges those that have ended,
	// too, for as long as its machines can (exact); after that, whole does.
	incomplete, whole execgraph.ModelCache
	exact             bool

	decided     []decision
	postponed   []postponed
	blocked     []bool // by thread: it is to wait forever
	spares      bool   // rounds in vain are left out (retry.go)
	keepsRounds bool   // a round of waiting that may race is explored, too (races.go)
}

// A decision is that a read reads from a write.
type decision struct {
	write, read ref
	// overtakes: the thread may perform writes without the value of the read, so
	// that what comes after it need not depend on it.
	overtakes bool
}

// A judgement is what is known of a partial execution.
type judgement uint8

const (
	forbidden judgement = iota // by values, coherence, or the model
	leftOut                    // another one stands for it: see symmetry.go and barrier.go
	allowed
)

func newPartial(team *team, st *execgraph.State) *partial {
	t := team.task
	th := newThreads(t.prog)
	px := &partial{
		team: team, task: t, st: st, th: th, paths: make([]*thread.Path, len(t.prog.Threads)),
		blocked: make([]bool, len(t.prog.Threads)), exact: true, spares: team.spares, keepsRounds: t.cfg.Flagged != nil,
	}
	px.sym = &symmetry{st: st, th: th, paths: px.paths, alike: team.alike, barriers: team.barriers}
	valued := func(m *rel.Machine) *rel.Machine {
		m.Value = st.ValueOf
		return m
	}
	px.whole.New = func() *rel.Machine { return valued(t.kit.machine(t.cfg)) }
	px.incomplete.New = px.whole.New
	if !t.cfg.IgnoreChecks {
		px.incomplete.New = func() *rel.Machine { return valued(rel.NewGrowing(t.kit.Compiled, st.Coherent, team.growth)) }
	}
	st.Tentative = px.tentative
	return px
}

// keepAll has nothing left out that another execution stands for.
func (px *partial) keepAll() { px.sym.alike, px.sym.barriers, px.spares = nil, false, false }

// err is what went wrong in the model's machines.
func (px *partial) err() error {
	if err := px.incomplete.Err(); err != nil {
		return err
	}
	return px.whole.Err()
}

// copyFrom makes px a copy of other that runs beside it.
func (px *partial) copyFrom(other *partial) {
	px.th.copyFrom(other.th)
	px.decided = append(px.decided[:0], other.decided...)
	px.postponed = append(px.postponed[:0], other.postponed...)
	copy(px.blocked, other.blocked)
}

// load has the State hold what the threads have done, and what is decided. Values or coherence
// may forbid that.
func (px *partial) load() judgement {
	for t, r := range px.th.runners {
		px.paths[t] = r.Shown(func(e int) bool { return px.isReadBefore(ref{t, e}) })
	}
	if !px.st.Load(px.paths) || !px.st.Begin(true) {
		return forbidden
	}
	for _, x := range px.decided {
		if !px.fix(x) {
			return forbidden
		}
	}
	return px.fixed()
}

// isReadBefore reports whether another thread's read is decided to read from w.
func (px *partial) isReadBefore(w ref) bool {
	return slices.ContainsFunc(px.decided, func(x decision) bool { return x.write == w && x.read.thread != w.thread })
}

// isHidden reports whether what is loaded has no write where w is: see Runner.Shown.
func (px *partial) isHidden(w ref) bool {
	return !w.initial() && !px.st.Events[px.index(w)].Kind.Writes() && px.th.event(w).Kind.Writes()
}

// fix has the State hold a decision.
func (px *partial) fix(x decision) bool {
	w, r := px.index(x.write), px.index(x.read)
	if !px.st.Events[r].Kind.Reads() {
		return true // it is none any more: see Runner.Polls
	}
	// The write is none if its thread waits, and so has put back what it found.
	return px.st.Events[w].Kind.Writes() && px.st.Fix(w, r)
}

// fixed ends the decisions that the State is to hold.
func (px *partial) fixed() judgement {
	px.st.Fixed()
	switch {
	case !px.sym.isInOrder():
		return leftOut
	case !px.waitsForGood():
		return forbidden
	}
	return allowed
}

// judge asks the model when threads go on.
func (px *partial) judge() judgement { return px.ask(px.load()) }

// judgeAlso is judge with one more decision, on what was loaded for judge.
func (px *partial) judgeAlso(x decision) judgement {
	if !px.fix(x) {
		return forbidden
	}
	return px.ask(px.fixed())
}

// ask asks the model about a partial execution that nothing else forbids or leaves out.
func (px *partial) ask(j judgement) judgement {
	if j == allowed && !px.incomplete.Consistent(px.st) {
		return forbidden
	}
	return j
}

// judgeEnd asks the model when all threads have ended.
func (px *partial) judgeEnd() judgement {
	if j := px.load(); j != allowed {
		return j
	}
	return px.askEnd()
}

// askEnd asks the model about what is loaded, which has ended.
func (px *partial) askEnd() judgement {
	if !px.st.Finish() {
		return forbidden
	}
	if px.exact {
		if ok := px.incomplete.Consistent(px.st); !ok || px.st.Machine.Exact() {
			return judgementOf(ok)
		}
		px.exact = false // from now on
		px.load()        // because the other machine was told what was new
		px.st.Finish()
	}
	return judgementOf(px.whole.Consistent(px.st))
}

func judgementOf(ok bool) judgement {
	if ok {
		return allowed
	}
	return forbidden
}

// wasConsistent reports whether the model allowed the last decision before the threads went on
// from before, when there were so many decisions.
func (px *partial) wasConsistent(before position, decisions int) bool {
	runners, decided := px.th.runners, px.decided
	px.th.runners, px.decided = before.runners, px.decided[:decisions]
	j := px.judge()
	px.th.runners, px.decided = runners, decided
	return j == allowed
}

// index is where the State has an event.
func (px *partial) index(r ref) int {
	if r.initial() {
		return px.st.InitOf[r.event]
	}
	return px.st.Base[r.thread] + r.event
}

// refOf names event e of the State, which is no initial write.
func (px *partial) refOf(e int) ref {
	t := px.st.Events[e].Thread
	return ref{t, e - px.st.Base[t]}
}

// undecide takes back all decisions but the first n.
func (px *partial) undecide(n int) {
	for _, x := range px.decided[n:] {
		px.th.rf[x.read.thread][x.read.event] = undecided
	}
	px.decided = px.decided[:n]
}

// staysIn reports whether thread t, which has come to where next is, does not leave its loop. One
// that is to wait forever stays there too if an assertion fails in its round.
//
// Claim: otherwise the failure may be missed. A thread goes round with an assertion that fails
// only where it goes on without a value, and then its next round has to be of use. Smallest
// execution: the third thread reads 1 twice, with nothing after its loop depending on that,
//
//	WRITE_ONCE(*x, 0); atomic_inc(x);   |   while (READ_ONCE(*x)) { }   |
//	do { r0 = READ_ONCE(*x); r1 = READ_ONCE(*x); if (!r0 || r1 == 2) break; assert(!r0); } while (1); atomic_inc(x);
func (px *partial) staysIn(t int, next *thread.Runner) bool {
	return next.Status() == thread.Waits || px.blocked[t] && next.FailsInRound()
}

// justRead reports whether the last decision is on a read of thread t. If another thread
// waits because of it, the branch ends before it is known what t would have done: to
// postpone the read of t holds up t, and not the one that waits. Here the first thread may
// read that x is 0, and then 1, which the second writes last. In between it reads a 0 of
// which it learns only when the second has read x for the first time:
//
//	r1 = READ_ONCE(*x);           |  r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0);
//	while (!READ_ONCE(*x)) { }    |  while (cmpxchg(x, 0, 1) != 0) { }
func (px *partial) justRead(t int) bool {
	n := len(px.decided)
	return n > 0 && px.decided[n-1].read.thread == t
}

// justDecided reports whether the last decision is on one of these reads.
func (px *partial) justDecided(t int, reads []int) bool {
	if len(px.decided) == 0 {
		return false
	}
	r := px.decided[len(px.decided)-1].read
	return r.thread == t && slices.Contains(reads, r.event)
}
