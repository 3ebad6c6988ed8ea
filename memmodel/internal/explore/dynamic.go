package explore

import (
	"slices"

	"crosscall/memmodel/internal/complete"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/rel"
	"crosscall/memmodel/internal/thread"
)

// The dynamic explorer is for a program whose threads cannot be unfolded beforehand,
// because they follow pointers and go round in loops. The threads run as far as they
// can; where each needs the value of a read, one such read is decided:
//
//   - it reads from one of the writes that are there, in turn; or
//   - it is postponed: it reads from none of these, but from one to come. See
//     postpone.go for when that is worth trying.
//
// That divides the executions into disjoint parts, as everywhere here. The partial
// execution is told to the model after each decision. If a check is violated, it is
// dropped with all its extensions: events that threads add at their ends take no
// violation away. When all threads have ended, the Completer decides what is left: the reads that
// no thread needed, and co.
//
// A thread that waits for another (package thread says what waiting is) is not sent into
// another iteration. Its read is postponed, and only when nothing else can happen any
// more is it decided that it waits forever, for which the writes it has seen must be the
// last of their cells.
//
// A decision returns its outcome. The order of what follows a decision is in advance,
// step and decide, in that order, and nowhere else.
type dynamic struct {
	team     *team
	task     *task
	space    *workspace
	st       *execgraph.State
	complete *complete.Completer
	th       *threads
	paths    []*thread.Path // by thread, as they were loaded last

	// incomplete judges executions whose threads go on. It judges those that have ended,
	// too, for as long as its machines can (exact); after that, whole does.
	incomplete, whole execgraph.ModelCache
	exact             bool

	decided   []decision
	postponed []postponed
	frames    []frame
	blocked   []bool // by thread: it is to wait forever
	barriers  bool
	arrivals  []arrival // scratch memory of arrivesInOrder
	alike     []int     // see findAlike; nil if all executions count
	spares    bool      // rounds in vain are left out (retry.go)
	unsorted  bool      // what was loaded last was cut because threads were not in order
	depth     int       // decisions in force
	walk      *Walk     // nil if all is explored at once
	sampler   *sampler  // draws one way of several, if it is not nil
	dry       bool      // threads run on, and nothing else is explored
	costs     costs     // of decisions, where there are several workers
}

// A decision is that a read reads from a write.
type decision struct {
	write, read ref
	// overtakes: the thread may perform writes without the value of the read, so
	// that what comes after it need not depend on it.
	overtakes bool
}

// An outcome is what came of a decision.
type outcome struct {
	// consistent: the model allows it. It is not set where the caller did not need to know
	// and the threads went on to something that the model forbids.
	consistent bool
	// blocks: a thread waits because of it.
	blocks bool
	// notAwaited: the read that was decided is none of those that this thread waits at.
	notAwaited bool
	// dead: the threads ran into an assumption that does not hold.
	dead bool
	// prunedUnknown: some branch was cut before all its pending writes were seen.
	prunedUnknown bool
}

// join adds what came of another branch of the same decision.
func (o *outcome) join(x outcome) {
	o.consistent = o.consistent || x.consistent
	o.blocks = o.blocks || x.blocks
	o.notAwaited = o.notAwaited || x.notAwaited
	o.prunedUnknown = o.prunedUnknown || x.prunedUnknown
}

// joinLater adds what came of later decisions: only whether something was pruned counts.
func (o *outcome) joinLater(x outcome) {
	o.prunedUnknown = o.prunedUnknown || x.prunedUnknown || x.dead
}

// A mode says what is wanted of a decision.
type mode struct {
	// block: a thread has to wait forever because of it. Otherwise it is dropped.
	block bool
	// needConsistency: the caller needs to know whether the model allows it.
	needConsistency bool
}

func runDynamic(t *task) Stats {
	team := newTeam(t)
	var stats Stats
	t.guarded(func() {
		d := newDynamic(team)
		d.walk = t.cfg.Walk
		for i, f := range team.flows {
			d.th.runners = append(d.th.runners, thread.NewRunner(f, i, t.bound))
		}
		d.advance(mode{})
		stats = d.end()
		for _, o := range team.pool {
			stats.add(o.end())
		}
	})
	t.workers.Wait()
	return stats
}

// newDynamic returns an explorer without threads.
func newDynamic(team *team) *dynamic {
	t := team.task
	space := t.kit.workspace(t)
	d := &dynamic{
		team: team, task: t, space: space, st: space.state, complete: space.complete,
		th: newThreads(t.prog), paths: make([]*thread.Path, len(t.prog.Threads)),
		blocked: make([]bool, len(t.prog.Threads)), exact: true, alike: team.alike, barriers: team.barriers,
		spares: team.spares,
	}
	valued := func(m *rel.Machine) *rel.Machine {
		m.Value = d.st.ValueOf
		return m
	}
	d.whole.New = func() *rel.Machine { return valued(t.kit.machine(t.cfg)) }
	d.incomplete.New = d.whole.New
	if !t.cfg.IgnoreChecks {
		d.incomplete.New = func() *rel.Machine { return valued(rel.NewGrowing(t.kit.Compiled, d.st.Coherent, team.growth)) }
	}
	d.st.Tentative = d.tentative
	d.complete.Found = d.found
	return d
}

// end takes what d has found out from it, which is not used any more.
func (d *dynamic) end() Stats {
	for _, c := range []*execgraph.ModelCache{&d.incomplete, &d.whole} {
		if err := c.Err(); err != nil {
			d.task.fail(err)
		}
	}
	return d.task.kit.release(d.space)
}

// advance explores all executions that agree with what is decided, as far as they are
// this explorer's.
func (d *dynamic) advance(m mode) outcome {
	if d.walk == nil {
		return d.extend(m)
	}
	if o, explores := d.walk.enter(d); !explores {
		return o
	}
	return d.walk.leave(d, d.extend(m))
}

// extend is advance, whosever they are.
func (d *dynamic) extend(m mode) outcome {
	yield()
	d.task.work() // looked at each time: a step can take long
	if d.task.over.Load() {
		return outcome{}
	}
	d.depth++
	before := d.th.begin()
	o := d.step(before, m)
	d.th.end(before)
	d.depth--
	return o
}

// step lets the threads run, decides what is forced, and goes on with a choice of a
// thread, or with decide if there is none. The threads were at before.
func (d *dynamic) step(before position, m mode) outcome {
	own := len(d.decided) // the decisions that are no consequences of others
	o, ok := d.run(before)
	switch {
	case d.dry:
		return o
	case !ok:
		o.join(d.keepRound(before, m))
		return o
	case o.blocks && !m.block:
		d.notice(before)
		o.join(d.keepRound(before, m))
		return o
	case m.block && !o.blocks && !slices.ContainsFunc(d.th.runners, needsChoice):
		return d.blockFurther(before)
	}
	m.block = m.block && !o.blocks // if not, a thread that has a choice is to wait
	if !m.block {
		defer d.undecide(own)
		d.propagateForced()
	}
	if t := slices.IndexFunc(d.th.runners, needsChoice); t >= 0 {
		return d.fork(t, before, m)
	}
	return d.decide(before, own, m.needConsistency)
}

// run lets the threads run on that can. ok is false if there is nothing to go on with.
func (d *dynamic) run(before position) (o outcome, ok bool) {
	for t, r := range before.runners {
		if !d.th.ready(t, r) {
			continue
		}
		next := d.th.ahead(t, r)
		d.th.runners[t] = next
		switch next.Status() {
		case thread.Dead:
			o.dead = true
			return o, false
		case thread.Broken:
			d.task.fail(next.Err())
			return o, false
		case thread.Waits, thread.Ended:
			if !d.staysIn(t, next) {
				continue
			}
			o.blocks = true
			o.notAwaited = o.notAwaited || !d.justDecided(t, next.Path().Wait)
			o.prunedUnknown = o.prunedUnknown || !d.justRead(t) || next.Polls()
		}
	}
	return o, true
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
func (d *dynamic) staysIn(t int, next *thread.Runner) bool {
	return next.Status() == thread.Waits || d.blocked[t] && next.FailsInRound()
}

// justRead reports whether the last decision is on a read of thread t. If another thread
// waits because of it, the branch ends before it is known what t would have done: to
// postpone the read of t holds up t, and not the one that waits. Here the first thread may
// read that x is 0, and then 1, which the second writes last. In between it reads a 0 of
// which it learns only when the second has read x for the first time:
//
//	r1 = READ_ONCE(*x);           |  r0 = READ_ONCE(*x); WRITE_ONCE(*x, r0);
//	while (!READ_ONCE(*x)) { }    |  while (cmpxchg(x, 0, 1) != 0) { }
func (d *dynamic) justRead(t int) bool {
	n := len(d.decided)
	return n > 0 && d.decided[n-1].read.thread == t
}

// justDecided reports whether the last decision is on one of these reads.
func (d *dynamic) justDecided(t int, reads []int) bool {
	if len(d.decided) == 0 {
		return false
	}
	r := d.decided[len(d.decided)-1].read
	return r.thread == t && slices.Contains(reads, r.event)
}

// fork sends thread t both ways, one after the other.
func (d *dynamic) fork(t int, before position, m mode) (o outcome) {
	d.notice(before) // what a way starts from is behind this
	r := d.th.runners[t]
	one := func(jump bool) {
		way := d.th.branch(r)
		way.Take(jump)
		d.th.runners[t] = way
		x := d.advance(m)
		o.join(x)
		o.prunedUnknown = o.prunedUnknown || x.dead
	}
	if d.sampler != nil {
		d.sampler.among(2, func(i int) { one(i == 1) })
	} else {
		one(false)
		one(true)
	}
	d.th.runners[t] = r
	return o
}

// decide asks the model about the state that the threads have reached from before, and
// explores what is left of it. What that is is the first in a list that applies.
func (d *dynamic) decide(before position, own int, needConsistency bool) (o outcome) {
	if d.walk.isOver() {
		return o
	}
	if d.triesInVain() { // retry.go
		o.prunedUnknown = true
		return o
	}
	ends := !slices.ContainsFunc(d.th.runners, func(r *thread.Runner) bool { return needs(r) || r.Status() == thread.CutOff })
	next, ok := d.judge(ends)
	o.prunedUnknown = d.unsorted
	d.noteConflicts()
	if ok || (needConsistency || d.wouldNotice(before)) && d.wasConsistent(before, own) {
		d.notice(before)
		o.consistent = true
	}
	if ok {
		o.joinLater(d.explore(next, ends))
	}
	return o
}

// explore explores what is left of a state that the model allows, where next is to be decided.
func (d *dynamic) explore(next choice, ends bool) (o outcome) {
	d.findLivelock() // livelock.go
	switch {
	case d.hangsInVain(), d.unmet(): // supply.go
		o.prunedUnknown = true
	case slices.ContainsFunc(d.th.runners, isCutOff):
		d.space.stats.add(Stats{BoundHit: true, Cut: cut(d.paths)})
		o.prunedUnknown = true
	case d.movesNone(next): // decision.go
		o = d.decideInPlace(next)
	case next.writes != nil && d.sampler != nil: // estimate.go
		d.sampleRead(next)
	case next.writes != nil: // decision.go
		o = d.decideRead(next)
	case ends:
		d.finish()
	case d.inVain(): // postpone.go
	case d.branching() >= 0: // loadbuffering.go
		o = d.exploreBothWays(d.branching())
	case d.overtaker() >= 0: // loadbuffering.go
		o = d.exploreGuesses(d.overtaker())
	default: // blocked.go
		d.noteUnseen()
		o = d.exploreBlocked()
	}
	return o
}

func isCutOff(r *thread.Runner) bool { return r.Status() == thread.CutOff }

// hangsInVain reports whether a thread hangs where no other will be found to stay in a
// section.
func (d *dynamic) hangsInVain() bool {
	return slices.ContainsFunc(d.th.runners, func(r *thread.Runner) bool { return r.Path().Hang != nil }) &&
		!slices.ContainsFunc(d.th.runners, (*thread.Runner).MayStay)
}

// finish explores what is left to decide when all threads have ended.
func (d *dynamic) finish() {
	if !d.walk.entersLeaf() {
		return
	}
	d.excludePassed()
	d.st.DropDecided(func(r int) bool { return d.st.RF(r) >= 0 })
	if d.complete.Hopeless() || !d.complete.Possible() {
		return
	}
	d.st.Push()
	if d.sort() && d.st.Consistent() {
		d.complete.Run()
	}
	d.st.Pop()
	d.noteConflicts()
}

// found has an execution in which all is decided.
func (d *dynamic) found() {
	if !d.isSorted() || !d.arrivesInOrder() || d.hasTriedInVain() {
		return
	}
	if slices.ContainsFunc(d.th.runners, (*thread.Runner).KeepsRound) {
		d.space.reportFlagged()
		return
	}
	d.space.report()
}

// judge finds out whether things are allowed as they are, and picks the next read to
// decide, if there is one. ends says that all threads have ended.
func (d *dynamic) judge(ends bool) (next choice, ok bool) {
	switch {
	case !d.load():
		return choice{}, false
	case ends:
		return choice{}, d.judgeEnd()
	case !d.incomplete.Consistent(d.st):
		return choice{}, false
	}
	return d.choose(), true
}

// judgeAlso is judge with one more decision, on what was loaded for judge.
func (d *dynamic) judgeAlso(x decision) (next choice, ok bool) {
	if d.isHidden(x.write) {
		return d.judge(false)
	}
	if !d.fix(x) || !d.fixed() || !d.incomplete.Consistent(d.st) {
		return choice{}, false
	}
	return d.choose(), true
}

// load has the State hold what the threads have done, and what is decided. It returns
// false if values or coherence forbid that.
func (d *dynamic) load() bool {
	d.unsorted = false
	for t, r := range d.th.runners {
		d.paths[t] = r.Shown(func(e int) bool { return d.isReadBefore(ref{t, e}) })
	}
	if !d.st.Load(d.paths) || !d.st.Begin(true) {
		return false
	}
	for _, x := range d.decided {
		if !d.fix(x) {
			return false
		}
	}
	return d.fixed()
}

// isReadBefore reports whether another thread's read is decided to read from w.
func (d *dynamic) isReadBefore(w ref) bool {
	return slices.ContainsFunc(d.decided, func(x decision) bool { return x.write == w && x.read.thread != w.thread })
}

// isHidden reports whether what is loaded has no write where w is: see Runner.Shown.
func (d *dynamic) isHidden(w ref) bool {
	return !w.initial() && !d.st.Events[d.index(w)].Kind.Writes() && d.th.event(w).Kind.Writes()
}

// fix has the State hold a decision.
func (d *dynamic) fix(x decision) bool {
	w, r := d.index(x.write), d.index(x.read)
	if !d.st.Events[r].Kind.Reads() {
		return true // it is none any more: see Runner.Polls
	}
	// The write is none if its thread waits, and so has put back what it found.
	return d.st.Events[w].Kind.Writes() && d.st.Fix(w, r)
}

// fixed ends the decisions that the State is to hold.
func (d *dynamic) fixed() bool {
	d.st.Fixed()
	if d.unsorted = !d.isSorted() || !d.arrivesInOrder(); d.unsorted { // symmetry.go, barrier.go
		return false
	}
	return d.waitsForGood()
}

// judgeEnd asks the model when all threads have ended.
func (d *dynamic) judgeEnd() bool {
	if !d.st.Finish() {
		return false
	}
	if d.exact {
		if ok := d.incomplete.Consistent(d.st); !ok || d.st.Machine.Exact() {
			return ok
		}
		d.exact = false // from now on
		d.load()        // because the other machine was told what was new
		d.st.Finish()
	}
	return d.whole.Consistent(d.st)
}

// wasConsistent reports whether the last decision was allowed before the threads went on
// from before, when there were so many decisions.
func (d *dynamic) wasConsistent(before position, decisions int) bool {
	runners, decided := d.th.runners, d.decided
	d.th.runners, d.decided = before.runners, d.decided[:decisions]
	ok := d.load() && d.incomplete.Consistent(d.st)
	d.th.runners, d.decided = runners, decided
	return ok
}

// index is where the State has an event.
func (d *dynamic) index(r ref) int {
	if r.initial() {
		return d.st.InitOf[r.event]
	}
	return d.st.Base[r.thread] + r.event
}

// refOf names event e of the State, which is no initial write.
func (d *dynamic) refOf(e int) ref {
	t := d.st.Events[e].Thread
	return ref{t, e - d.st.Base[t]}
}

// undecide takes back all decisions but the first n.
func (d *dynamic) undecide(n int) {
	for _, x := range d.decided[n:] {
		d.th.rf[x.read.thread][x.read.event] = undecided
	}
	d.decided = d.decided[:n]
}
