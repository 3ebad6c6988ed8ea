package explore

import (
	"slices"

	"crosscall/memmodel/internal/thread"
)

// Weak models allow load buffering: a read that reads from a write which another thread
// performs because of a later write of the read's own thread.
//
// Claim: let every thread that has not ended wait for the value of a read that was postponed
// past all existing writes. If an execution goes on from here, some thread performs a write
// before the read that it waits for has a value.
//
// Proof: sort the writes to come so that each stands behind those that its thread's reads need.
// Take the first one. Its thread waits for a read, whose source is a write to come as well, and
// not an earlier one. So this write is performed while the read has no value. The smallest
// execution:
//
//	r1 = READ_ONCE(x); if (r1) ...;  WRITE_ONCE(y, 1)   |   r2 = READ_ONCE(y); WRITE_ONCE(x, r2)
//
// The write to y need not wait for r1. So a thread that can still perform a write which its
// read does not hold back goes on without the value (package modelprobe asks the model which
// writes these are). It does so in each way that the value could decide, and each way makes a
// demand: a condition on the value, which is decided later, when the read has its source.
//
// The order, in dynamic.go: first atomic operations, which go on as succeeding or failing
// (branching, exploreBothWays: Ways has both), then other reads (overtaker, exploreGuesses:
// Guesses has a way for each outcome of the branch, or each address, that the value decides). A loop could make
// demands for any number of rounds; supply.go and docs/soundness.md bound them.

// branching is a thread that waits for the read of an atomic operation which may succeed or
// fail, and that may perform a write before this read has a value, to a cell that some
// thread waits to read; or -1.
func (px *partial) branching() int {
	if !px.weak().Any {
		return -1
	}
	wanted := px.th.wanted()
	return slices.IndexFunc(px.th.runners, func(r *thread.Runner) bool {
		return r.Status() == thread.NeedsRMW && px.mayOvertake(r, wanted)
	})
}

// mayOvertake reports whether a thread that needs a value may write one of the wanted
// cells without it.
func (px *partial) mayOvertake(r *thread.Runner, wanted []ref) bool {
	t := r.Thread()
	return !px.blocked[t] && !px.weak().Ordered(px.th.event(ref{t, r.Need()})) &&
		r.MayOvertake(r.Need(), px.cells(wanted, t), px.weak())
}

// exploreBothWays lets the atomic operation of thread t succeed, and then fail. The value
// that decides is not known before the thread goes on.
func (d *dynamic) exploreBothWays(t int) (o outcome) {
	runner := d.th.runners[t]
	p := d.partial.lastPostponed(ref{t, runner.Need()})
	p.rmw = false
	for _, way := range runner.Ways() {
		d.th.runners[t] = way
		p.read.event = way.Need()
		d.partial.postponed = append(d.partial.postponed, p)
		o.joinLater(d.decide(d.th.here(), len(d.partial.decided), false))
		d.partial.postponed = d.partial.postponed[:len(d.partial.postponed)-1]
	}
	d.th.runners[t] = runner
	return o
}

// exploreGuesses lets thread t go on without the value that it waits for, once in each way
// that the value could decide. Besides, the thread may wait forever.
//
// Claim: each execution in which t waits forever is found at one guess: the first behind which
// t performs no more reads, or where it needs a value in the end, if it performs some. Proof: a
// thread that waits needs all reads of its last round. A thread that is blocked at a guess
// performs no further read, and one that has guessed is not blocked again before it does. So
// each thread that waits is blocked once, behind its last read. It is not enough to block it at
// the first guess: here the second thread reads what the first does behind its guess, and
// then the first waits because of its guess. In
//
//	r0 = READ_ONCE(*x); if (r0) WRITE_ONCE(*w, 1); WRITE_ONCE(*y, 1); while (r0 & !READ_ONCE(*z)) { }  |
//	if (READ_ONCE(*y)) WRITE_ONCE(*x, 1);
//
// r0 may be 1.
func (d *dynamic) exploreGuesses(t int) (o outcome) {
	runner := d.th.runners[t]
	for _, way := range runner.Guesses() {
		switch d.th.runners[t] = way; {
		case way.Status() == thread.Dead:
		case !d.partial.suppliedWith(t): // supply.go
			o.prunedUnknown = true
		default:
			o.joinLater(d.advance(mode{}))
		}
	}
	d.th.runners[t] = runner
	if runner.Guessed() {
		return o // where it guessed last, it was blocked
	}
	d.partial.blocked[t] = true
	o.joinLater(d.decide(d.th.here(), len(d.partial.decided), false))
	d.partial.blocked[t] = false
	return o
}

// overtaker is a thread that may perform a write before the read that it waits for has a
// value, to a cell that some thread waits to read; or -1.
func (px *partial) overtaker() int {
	if !px.weak().Any {
		return -1
	}
	wanted := px.th.wanted()
	return slices.IndexFunc(px.th.runners, func(r *thread.Runner) bool {
		return r.Status() == thread.NeedsValue && px.mayOvertake(r, wanted)
	})
}

// wanted lists the reads that threads need.
func (th *threads) wanted() (reads []ref) {
	for t, r := range th.runners {
		if !needs(r) {
			continue
		}
		if read, ok := th.needed(t); ok {
			reads = append(reads, read)
		}
	}
	return reads
}

// cells lists the cells of those reads that may read from a later write of thread t. In a
// coherent model these are reads of other threads: a thread's own read does not see its future.
func (px *partial) cells(reads []ref, t int) []int {
	cells := []int{}
	for _, r := range reads {
		if r.thread != t || !px.st.Coherent {
			cells = append(cells, px.th.event(r).Loc)
		}
	}
	return cells
}
