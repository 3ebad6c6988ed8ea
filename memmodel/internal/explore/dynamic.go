package explore

import (
	"slices"

	"crosscall/memmodel/internal/complete"
	"crosscall/memmodel/internal/execgraph"
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
	partial  *partial   // the execution so far
	sched    *scheduler // which read is decided next
	frames   *frames    // the reads that may have to be postponed
	depth    int        // decisions in force
	walk     *Walk      // nil if all is explored at once
	sampler  *sampler   // draws one way of several, if it is not nil
	costs    costs      // of decisions, where there are several workers
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
	// dry: threads run on, and nothing else is explored.
	dry bool
}

func runDynamic(t *task) Stats {
	team := newTeam(t)
	var stats Stats
	t.guarded(func() {
		d := newDynamic(team)
		d.walk = t.cfg.Walk
		d.th.start(team.flows, t.bound)
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
	px := newPartial(team, space.state)
	d := &dynamic{
		team: team, task: t, space: space, st: space.state, complete: space.complete, th: px.th, partial: px,
		sched:  &scheduler{partial: px, st: px.st, th: px.th, task: t, team: team},
		frames: &frames{partial: px, st: px.st, th: px.th},
	}
	d.complete.Found = d.found
	return d
}

// end takes what d has found out from it, which is not used any more.
func (d *dynamic) end() Stats {
	if err := d.partial.err(); err != nil {
		d.task.fail(err)
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
	own := len(d.partial.decided) // the decisions that are no consequences of others
	o, ok := d.run(before)
	switch {
	case m.dry:
		return o
	case !ok:
		o.join(d.keepRound(before, m))
		return o
	case o.blocks && !m.block:
		d.frames.notice(before)
		o.join(d.keepRound(before, m))
		return o
	case m.block && !o.blocks && !slices.ContainsFunc(d.th.runners, needsChoice):
		return d.blockFurther(before)
	}
	m.block = m.block && !o.blocks // if not, a thread that has a choice is to wait
	if !m.block {
		defer d.partial.undecide(own)
		d.sched.propagateForced()
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
			if !d.partial.staysIn(t, next) {
				continue
			}
			o.blocks = true
			o.notAwaited = o.notAwaited || !d.partial.justDecided(t, next.Path().Wait)
			o.prunedUnknown = o.prunedUnknown || !d.partial.justRead(t) || next.Polls()
		}
	}
	return o, true
}

// fork sends thread t both ways, one after the other.
func (d *dynamic) fork(t int, before position, m mode) (o outcome) {
	d.frames.notice(before) // what a way starts from is behind this
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
	if d.partial.triesInVain() { // retry.go
		o.prunedUnknown = true
		return o
	}
	ends := !slices.ContainsFunc(d.th.runners, func(r *thread.Runner) bool { return needs(r) || r.Status() == thread.CutOff })
	next, j := d.judge(ends)
	ok := j == allowed
	o.prunedUnknown = j == leftOut
	d.frames.noteConflicts()
	if ok || (needConsistency || d.frames.wouldNotice(before)) && d.partial.wasConsistent(before, own) {
		d.frames.notice(before)
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
	case d.th.hangsInVain(), d.partial.unmet(): // supply.go
		o.prunedUnknown = true
	case slices.ContainsFunc(d.th.runners, isCutOff):
		d.space.stats.add(Stats{BoundHit: true, Cut: cut(d.partial.paths)})
		o.prunedUnknown = true
	case d.sched.movesNone(next): // decision.go
		o = d.decideInPlace(next)
	case next.writes != nil && d.sampler != nil: // estimate.go
		d.sampleRead(next)
	case next.writes != nil: // decision.go
		o = d.decideRead(next)
	case ends:
		d.finish()
	case d.sched.inVain(): // pending_writes.go
		d.frames.noteUnseen()
	case d.partial.branching() >= 0: // loadbuffering.go
		o = d.exploreBothWays(d.partial.branching())
	case d.partial.overtaker() >= 0: // loadbuffering.go
		o = d.exploreGuesses(d.partial.overtaker())
	default: // blocked.go
		d.frames.noteUnseen()
		o = d.exploreBlocked()
	}
	return o
}

func isCutOff(r *thread.Runner) bool { return r.Status() == thread.CutOff }

// finish explores what is left to decide when all threads have ended.
func (d *dynamic) finish() {
	if !d.walk.entersLeaf() {
		return
	}
	d.partial.excludePassed()
	d.st.DropDecided(func(r int) bool { return d.st.RF(r) >= 0 })
	if d.complete.Hopeless() || !d.complete.Possible() {
		return
	}
	d.st.Push()
	if d.partial.sym.sort() && d.st.Consistent() {
		d.complete.Run()
	}
	d.st.Pop()
	d.frames.noteConflicts()
}

// found has an execution in which all is decided.
func (d *dynamic) found() {
	if !d.partial.sym.isInOrder() || d.partial.hasTriedInVain() {
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
func (d *dynamic) judge(ends bool) (next choice, j judgement) {
	if ends {
		return choice{}, d.partial.judgeEnd()
	}
	if j = d.partial.judge(); j == allowed {
		next = d.sched.choose()
	}
	return next, j
}

// judgeAlso is judge with one more decision, on what was loaded for judge.
func (d *dynamic) judgeAlso(x decision) (next choice, j judgement) {
	if d.partial.isHidden(x.write) {
		return d.judge(false)
	}
	if j = d.partial.judgeAlso(x); j == allowed {
		next = d.sched.choose()
	}
	return next, j
}
