package explore

import (
	"slices"

	"crosscall/memmodel/internal/thread"
)

// Weak models allow load buffering: a read that reads from a write which another thread
// performs because of a later write of the read's own thread.
//
// Claim: where every thread that has not ended needs a read that has passed over all
// writes there are, a read that does read from a write to come is of a thread for which
// some thread performs a write before the read that it needs has a value.
//
// Proof: take the first write to come, in an order that agrees with what makes threads go
// on. Its thread needs a read, whose value would come from a write that is not there
// either, and is not the first. So the write is performed without it. The smallest
// execution:
//
//	r1 = READ_ONCE(x); if (r1) ...;  WRITE_ONCE(y, 1)   |   r2 = READ_ONCE(y); WRITE_ONCE(x, r2)
//
// The write to y need not wait for r1. So a thread that can still perform a write
// which its read does not hold back (package modelprobe asks the model) is made to go on,
// either way, with a demand on the value of the read. What that reads from is decided
// later.

// branching is a thread that needs the read of an atomic operation which succeeds or
// fails, and may perform a write that a thread waits for without its value; or -1.
func (d *dynamic) branching() int {
	if !d.weak().Any {
		return -1
	}
	wanted := d.wanted()
	return slices.IndexFunc(d.th.runners, func(r *thread.Runner) bool {
		return r.Status() == thread.NeedsRMW && d.mayOvertake(r, wanted)
	})
}

// mayOvertake reports whether a thread that needs a value may write one of the wanted
// cells without it.
func (d *dynamic) mayOvertake(r *thread.Runner, wanted []ref) bool {
	t := r.Thread()
	return !d.blocked[t] && !d.weak().Ordered(d.th.event(ref{t, r.Need()})) &&
		r.MayOvertake(r.Need(), d.cells(wanted, t), d.weak())
}

// exploreBothWays goes both ways, one after the other, with a thread that goes one way or
// the other as a read decides: the value will not be known before it goes on.
func (d *dynamic) exploreBothWays(t int) (o outcome) {
	runner := d.th.runners[t]
	p := d.lastPostponed(ref{t, runner.Need()})
	p.rmw = false
	for _, way := range runner.Ways() {
		d.th.runners[t] = way
		p.read.event = way.Need()
		d.postponed = append(d.postponed, p)
		o.joinLater(d.decide(d.th.here(), len(d.decided), false))
		d.postponed = d.postponed[:len(d.postponed)-1]
	}
	d.th.runners[t] = runner
	return o
}

// exploreGuesses has thread t go on without the value that it needs, in each way that there
// is; and wait forever.
func (d *dynamic) exploreGuesses(t int) (o outcome) {
	runner := d.th.runners[t]
	for _, way := range runner.Guesses() {
		switch d.th.runners[t] = way; {
		case way.Status() == thread.Dead:
		case !d.suppliedWith(t): // supply.go
			o.prunedUnknown = true
		default:
			o.joinLater(d.advance(mode{}))
		}
	}
	d.th.runners[t] = runner
	if runner.Guessed() {
		return o // that it does not wait was decided before
	}
	d.blocked[t] = true
	o.joinLater(d.decide(d.th.here(), len(d.decided), false))
	d.blocked[t] = false
	return o
}

// overtaker is a thread that may perform a write, to a cell which a thread waits
// for, without the value that it needs itself; or -1.
func (d *dynamic) overtaker() int {
	if !d.weak().Any {
		return -1
	}
	wanted := d.wanted()
	return slices.IndexFunc(d.th.runners, func(r *thread.Runner) bool {
		return r.Status() == thread.NeedsValue && d.mayOvertake(r, wanted)
	})
}

// wanted lists the reads that threads need.
func (d *dynamic) wanted() (reads []ref) {
	for t, r := range d.th.runners {
		if !needs(r) {
			continue
		}
		if read, ok := d.th.needed(t); ok {
			reads = append(reads, read)
		}
	}
	return reads
}

// cells lists the cells of reads that a write of thread t may be for: of others'
// reads, because one of its own would see its own future.
func (d *dynamic) cells(reads []ref, t int) []int {
	cells := []int{}
	for _, r := range reads {
		if r.thread != t || !d.st.Coherent {
			cells = append(cells, d.th.event(r).Loc)
		}
	}
	return cells
}
