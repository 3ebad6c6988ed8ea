package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// enter notes that a round of a loop begins.
func (r *Runner) enter() {
	if _, ok := r.flow.heads[r.pc]; !ok || !r.prog.Waits {
		return
	}
	for len(r.rounds) > 0 && r.rounds[len(r.rounds)-1].head >= r.pc {
		r.rounds = r.rounds[:len(r.rounds)-1] // of this loop and those within
	}
	r.idle = false
	r.rounds = append(r.rounds, r.roundFromHere())
}

// roundFromHere is a round that begins here.
func (r *Runner) roundFromHere() round {
	r.shared = true
	return round{
		head: r.pc, events: len(r.path.Events), asserts: len(r.path.Asserts), allocs: len(r.allocs),
		regs: slices.Clone(r.regs), private: r.private,
		ctrl: slices.Clone(r.ctrl), scopes: slices.Clone(r.scopes), behind: r.behind.clone(),
	}
}

// jump goes to target.
func (r *Runner) jump(target int) {
	if target > r.pc {
		r.pc = target
		return
	}
	if r.prog.Waits && r.waits(target) || r.status != Running {
		return
	}
	if r.hasKeptOne(target) {
		r.pc = target
		return
	}
	r.noteRetry(target)
	r.loops = slices.DeleteFunc(r.loops, func(l roundCount) bool { return l.at >= target && l.at < r.pc })
	i := slices.IndexFunc(r.loops, func(l roundCount) bool { return l.at == r.pc })
	if i < 0 {
		i = len(r.loops)
		r.loops = append(r.loops, roundCount{at: r.pc})
	}
	l := &r.loops[i]
	l.open = l.open || l.jumps > 0 && (r.mayEnd(target, l) || r.chances > l.chances)
	l.jumps++
	l.openBranches, l.demands, l.chances = len(r.openBranches), len(r.path.Must), r.chances
	r.usefulRound = false
	if tooFar(l.open, l.jumps, r.bound, len(r.path.Events)) {
		r.cutLoop(l.jumps, r.bound)
		r.status = CutOff
		return
	}
	r.pc = target
}

// mayEnd reports whether an open value has decided on the round of the loop l, which begins
// at head, that ends here: by a branch that leaves the loop, or by a demand on it. Without the
// latter a loop within another that begins where it does would have no bound: for the flow of
// control, to leave it is to go round the other. A loop without a way out counts to no known
// number, so one that accesses memory goes round for as long as others let it.
func (r *Runner) mayEnd(head int, l *roundCount) bool {
	return r.flow.endless[head] && r.accesses(head) || len(r.path.Must) > l.demands ||
		slices.ContainsFunc(r.openBranches[l.openBranches:], func(pc int) bool { return r.flow.leaves(head, pc) })
}

// accesses reports whether the round of the loop that begins at head has had events.
func (r *Runner) accesses(head int) bool {
	return slices.ContainsFunc(r.rounds, func(x round) bool { return x.head == head && x.events < len(r.path.Events) })
}

// waits reports whether the round that ends here, to go on at head, is one of
// waiting: it changed nothing that another round could see. Then an execution in
// which the loop ends later differs from one in which it ends at once by reads
// that nothing depends on. The execution without them is still allowed, because
// leaving out events takes away order and adds none.
//
// The values of the reads decide whether a round changes something (a
// compare-and-swap that succeeds does), so the thread may stop until one of them is known.
func (r *Runner) waits(head int) bool {
	i := slices.IndexFunc(r.rounds, func(x round) bool { return x.head == head })
	return i >= 0 && r.waitsSince(&r.rounds[i])
}

// waitsSince is waits for a round that ends here.
func (r *Runner) waitsSince(before *round) bool {
	if len(r.allocs) > before.allocs {
		return false
	}
	if r.writesIn(before) {
		return r.lapsesInVain(before)
	}
	switch {
	case r.compare(before) == differ:
		return false
	case r.usefulRound:
		r.demandUse(before)
		return false
	case !r.seen(before) || r.rewritesIn(before):
		return false
	}
	if r.asBefore(before) && !r.failsIn(before) && r.status == Running && !r.keeps(before) {
		r.wait(before)
	}
	return r.status != Running
}

// seen reports whether the values of all reads of the round are known. If not, the thread stops
// until they are. Where it has gone on without the value before (a guess) and performed no read
// since, it was blocked at the guess, and goes on.
func (r *Runner) seen(x *round) bool {
	for e := x.events; e < len(r.path.Events); e++ {
		if !r.path.Events[e].Kind.Reads() {
			continue
		}
		if _, ok := r.value(e); ok {
			continue
		}
		switch {
		case !r.guessed(e):
			r.stopFor(e)
		case r.stopsForOld(x):
		case r.Guessed():
			r.demandUse(x)
		default:
			r.stopFor(e)
		}
		return false
	}
	return true
}

// demandUse, of a thread that goes on without a value, demands that the round is of use: that it changes something, or that an
// assertion of it fails, unless one of those is certain. The way ends if neither can be.
//
// Claim: where a round changes nothing and its assertions hold, the way without it covers
// the same executions. If an earlier round already has an assertion that fails, a second
// failure adds nothing: the way without the round has the first.
func (r *Runner) demandUse(x *round) {
	if r.rewrites(x) == differ || r.compare(x) == differ {
		return
	}
	var uses []Sym
	r.eachPair(x, func(was, is Sym) {
		if was != is {
			uses = append(uses, r.op(ir.Ne, was, is, NoSym))
		}
	})
	for e := x.events; e < len(r.path.Events); e++ {
		if r.path.Events[e].Kind == graph.Write {
			uses = append(uses, r.op(ir.Ne, r.read(r.readHalf(e)), r.path.Write[e], NoSym))
		}
	}
	alone := r.compare(x) == alike && r.rewrites(x) == alike
	if alone {
		uses = nil
	}
	if !r.path.FailureDue {
		fails, certain := r.failuresIn(x)
		r.path.FailureDue = alone && (certain || len(fails) > 0)
		if certain {
			return
		}
		uses = append(uses, fails...)
	}
	if len(uses) == 0 {
		r.status = Dead
		return
	}
	of := uses[0]
	for _, u := range uses[1:] {
		of = r.op(ir.LOr, of, u, NoSym)
	}
	r.path.Must = append(r.path.Must, of)
}

// failuresIn lists what is not zero if an assertion of the round fails, but for those that
// are known to hold. certain says that one is known to fail.
func (r *Runner) failuresIn(x *round) (fails []Sym, certain bool) {
	for _, a := range r.path.Asserts[x.asserts:] {
		v, ok := r.path.Eval(a.Val, r.value)
		switch {
		case !ok:
			fails = append(fails, r.op(ir.Not, a.Val, NoSym, NoSym))
		case v == 0:
			certain = true
		}
	}
	return fails, certain
}

// guessed reports whether the path demands something of what read e returns.
func (r *Runner) guessed(e int) bool {
	return slices.ContainsFunc(r.path.Must, func(m Sym) bool {
		found := false
		r.path.Syms[m].Reads.Each(func(x int) { found = found || x == e })
		return found
	})
}

// modifiesIn reports whether the round has an atomic operation that writes.
func (r *Runner) modifiesIn(x *round) bool {
	return slices.ContainsFunc(r.path.Events[x.events:], func(e graph.Event) bool { return e.Kind == graph.Write })
}

// writesIn reports whether the round has written, but for atomic operations and for locks that
// it has taken and given back.
func (r *Runner) writesIn(x *round) bool {
	locks := false
	for e := x.events; e < len(r.path.Events); e++ {
		switch r.path.Events[e].Kind {
		case graph.Unlock, graph.LockWrite:
			locks = true
		case graph.Write:
			if r.readHalf(e) < 0 {
				return true
			}
		}
	}
	return locks && !r.polls(x)
}

// readHalf is the read of the atomic operation that e is the write of, or -1.
func (r *Runner) readHalf(e int) int {
	for _, x := range r.path.RMW {
		if x.To == e {
			return x.From
		}
	}
	return -1
}

// rewritesIn reports whether an atomic operation of the round has changed a
// value. One that puts back what it found, such as a test-and-set of a lock that
// is taken, is waiting: a read from it might as well read what it read.
func (r *Runner) rewritesIn(x *round) bool {
	for e := x.events; e < len(r.path.Events); e++ {
		if r.path.Events[e].Kind == graph.Write {
			r.known(r.path.Write[e])
		}
	}
	return r.rewrites(x) != alike
}

// rewrites is rewritesIn as far as values are known.
func (r *Runner) rewrites(x *round) (c comparison) {
	for e := x.events; e < len(r.path.Events); e++ {
		if r.path.Events[e].Kind != graph.Write {
			continue
		}
		old, ok := r.value(r.readHalf(e))
		v, ok2 := r.path.Eval(r.path.Write[e], r.value)
		c = max(c, compareValues(old, v, ok && ok2))
	}
	return c
}

// stopsForOld stops for what an atomic operation of the round has read, if that is
// not guessed.
func (r *Runner) stopsForOld(x *round) bool {
	for _, edge := range r.path.RMW {
		if _, ok := r.value(edge.From); !ok && edge.To >= x.events && !r.guessed(edge.From) {
			r.stopFor(edge.From)
			return true
		}
	}
	return false
}

// failsIn ends the thread at an assertion that fails in the round: it has to be
// reported, though the round is one of waiting.
func (r *Runner) failsIn(x *round) bool {
	for i, a := range r.path.Asserts[x.asserts:] {
		v, ok := r.known(a.Val)
		if !ok {
			return false
		}
		if v == 0 {
			r.path.Asserts = r.path.Asserts[:x.asserts+i+1]
			r.endSections(len(r.path.Events))
			r.status, r.failsInRound = Ended, true
			return true
		}
	}
	return false
}

// FailsInRound reports whether r has ended at an assertion that fails in a round of waiting.
func (r *Runner) FailsInRound() bool { return r.status == Ended && r.failsInRound }

// comparison is what is known of two states.
type comparison uint8

const (
	alike comparison = iota
	open
	differ
)

// compare compares what the thread remembers with what it did when the round
// began, as far as values are known.
func (r *Runner) compare(x *round) (c comparison) {
	r.eachPair(x, func(a, b Sym) {
		if a == b {
			return
		}
		v, ok := r.path.Eval(a, r.value)
		w, ok2 := r.path.Eval(b, r.value)
		if ok = ok && ok2; !ok && r.path.differ(a, b) {
			v, w, ok = 0, 1, true
		}
		c = max(c, compareValues(v, w, ok))
	})
	return c
}

func compareValues(v, w int64, known bool) comparison {
	switch {
	case !known:
		return open
	case v != w:
		return differ
	}
	return alike
}

// asBefore reports whether all that the thread remembers is as it was. It may
// stop for a read to find out.
func (r *Runner) asBefore(x *round) bool {
	same := true
	r.eachPair(x, func(a, b Sym) {
		if a == b || !same || r.status != Running {
			return
		}
		v, ok := r.known(a)
		if !ok {
			return
		}
		w, ok := r.known(b)
		same = !ok || v == w
	})
	return same && r.status == Running
}

// eachPair calls to with each value that the thread remembers, as it was when
// the round began and as it is.
func (r *Runner) eachPair(x *round, to func(was, is Sym)) {
	eachBit(r.flow.alive[x.head], func(reg int) { to(x.regs[reg], r.regs[reg]) })
	for i := range r.private {
		to(x.private[i].value, r.private[i].value)
	}
}

// wait ends the thread in a round of waiting. Atomic operations of the round that put
// a value back do not write. If the round reads nothing, the thread has nothing to wait
// for.
func (r *Runner) wait(x *round) {
	r.dropped = droppedRound{from: x.events}
	for _, e := range r.path.Events[x.events:] {
		if e.Kind.Reads() && e.Kind != graph.LockRead {
			r.dropped.reads = append(r.dropped.reads, e)
		}
	}
	if r.lapsed > x.events {
		r.status = Dead // a retry that fails without a reason ends some time
		return
	}
	p := r.path
	p.Wait = nil
	p.Idle = r.idle
	if !slices.ContainsFunc(p.Events[x.events:], func(e graph.Event) bool { return e.Kind.Reads() }) {
		p.Stuck = &r.th.Instr[r.pc]
		r.endSections(x.events)
		r.status = Ended
		return
	}
	if slices.ContainsFunc(p.Events[x.events:], func(e graph.Event) bool { return e.Kind.Writes() }) { // others have these events too
		p.Events = slices.Clone(p.Events)
		p.Write = slices.Clone(p.Write)
	}
	r.dropped.locks = p.giveBack(x.events)
	for e := x.events; e < len(p.Events); e++ {
		if p.Events[e].Kind.Reads() {
			p.Wait = append(p.Wait, e)
		}
		if p.Events[e].Kind == graph.Write {
			r.unwrite(e)
		}
	}
	r.endSections(x.events)
	r.status = Waits
}

// MayPutBack reports whether event e is in a round that may turn out to be one of
// waiting.
func (r *Runner) MayPutBack(e int) bool {
	began := func(x round) bool { return x.events <= e }
	return slices.ContainsFunc(r.rounds, began) || slices.ContainsFunc(r.gaps, began)
}

// unwrite makes of a write an event that does nothing.
func (r *Runner) unwrite(e int) {
	r.dropped.writes = append(r.dropped.writes, r.path.Events[e])
	r.path.unwrite(e)
}

// unwrite makes of an event one that does nothing.
func (p *Path) unwrite(e int) {
	p.Events[e].Kind, p.Events[e].Loc, p.Events[e].Tags = graph.Fence, graph.NoLoc, nil
	p.Write[e] = NoSym
	to := func(x graph.Edge) bool { return x.To == e }
	p.RMW = slices.DeleteFunc(slices.Clone(p.RMW), to)
	p.LockRM = slices.DeleteFunc(slices.Clone(p.LockRM), to)
	p.Addr = slices.DeleteFunc(slices.Clone(p.Addr), to)
	p.Data = slices.DeleteFunc(slices.Clone(p.Data), to)
	p.Ctrl = slices.DeleteFunc(slices.Clone(p.Ctrl), to)
}

// WaitForLock ends a thread that needs a lock which it will never get: it sees
// the lock taken, for good. It returns false if that is not what it waits for, or
// if it only tries: then there is a way on which it does not get the lock.
func (r *Runner) WaitForLock() bool {
	p := r.path
	last := len(p.Events) - 1
	if r.status != NeedsValue || last < 0 || p.Events[last].Kind != graph.LockWrite || r.need != r.lastRead || r.flow.attempts[r.lockAt] {
		return false
	}
	p.Events = slices.Clone(p.Events)
	p.Write = slices.Clone(p.Write)
	p.unwrite(last)
	p.Events[r.need].Kind = graph.LockFail
	p.Wait = []int{r.need}
	r.endSections(len(p.Events))
	r.status = Waits
	return true
}
