package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// propagateForced decides reads that are no choice, because there is one write to read from
// and no others can come. The model is asked about all of them at once, afterwards.
//
// Claim: a read of which every other source is ruled out, whatever is decided later, reads
// from the source that is left. Proof: a source is ruled out (nowhere) if an assumption of
// the thread fails with its value, or if its thread waits for a newer write and the source
// is certain not to be the last of its cell; neither changes later. Smallest execution:
//
//	WRITE_ONCE(*x, 1)   |   while (!READ_ONCE(*x)) { }
//
// Once x is written, the read of the initial value makes the thread wait for what is there
// already.
func (d *dynamic) propagateForced() {
	for !d.task.cfg.plain.forceNone && d.forceOne() {
	}
}

// forceOne decides one such read. It returns false if there is none.
func (d *dynamic) forceOne() bool {
	for t, r := range d.th.runners {
		if !needs(r) || d.blocked[t] {
			continue
		}
		read, ok := d.th.needed(t)
		if !ok || d.th.event(read).Kind == graph.LockRead { // a thread that needs a lock may find it taken
			continue
		}
		p := d.lastPostponed(read)
		writes := d.sources(read, p.events)
		waits := slices.ContainsFunc(p.fails, func(w ref) bool { return p.notAwaited || !d.overwritten(w) })
		if len(writes) == 0 || len(writes) > 2 || waits || d.mayBeWritten(read) {
			continue
		}
		if d.force(read, writes) {
			return true
		}
	}
	return false
}

// force has read read from the one of the writes that it can read from. It returns
// false if there are several.
func (d *dynamic) force(read ref, writes []ref) bool {
	only, then := undecided, []*thread.Runner(nil)
	for _, w := range writes {
		switch p, runners := d.probe(read, w); p {
		case goesOn:
			if then != nil {
				return false
			}
			only, then = w, runners
		case unclear:
			return false
		}
	}
	if then == nil {
		return false
	}
	if only != writes[len(writes)-1] { // what was tried since has ended the use of these
		_, then = d.probe(read, only)
	}
	d.decided = append(d.decided, decision{only, read, d.overtakes(read)})
	d.th.rf[read.thread][read.event] = only
	copy(d.th.runners, then)
	return true
}

// probeResult says how a read that reads from some write goes on.
type probeResult uint8

const (
	nowhere probeResult = iota // it cannot be, or its thread waits for a newer write
	goesOn
	unclear
)

// probe lets read read from w, and returns where the threads get to.
func (d *dynamic) probe(read, w ref) (p probeResult, runners []*thread.Runner) {
	if d.misuse(w, read) != nil || d.th.isRMW(read) {
		return unclear, nil
	}
	d.th.rf[read.thread][read.event] = w
	defer func() { d.th.rf[read.thread][read.event] = undecided }()
	p, runners = goesOn, slices.Clone(d.th.runners)
	for t, r := range d.th.runners {
		if !d.th.ready(t, r) {
			continue
		}
		next := d.th.ahead(t, r)
		runners[t] = next
		switch next.Status() {
		case thread.Dead:
			p = nowhere
			if d.mayKeep(next, r) {
				return unclear, nil
			}
		case thread.Waits:
			if d.mayKeep(next, r) || t != read.thread || !slices.Contains(next.Path().Wait, read.event) || !d.overwritten(w) {
				return unclear, nil
			}
			p = nowhere
		case thread.Broken, thread.CutOff, thread.Faulted:
			return unclear, nil
		}
	}
	return p, runners
}

// overwritten reports whether w is certain not to be the last write to its cell: it
// is an initial one, and there are others that will not be put back.
func (d *dynamic) overwritten(w ref) bool {
	if w.thread != graph.InitThread || !d.st.Coherent {
		return false
	}
	for _, r := range d.th.runners {
		for e := range r.Path().Events {
			ev := &r.Path().Events[e]
			if ev.Loc == w.event && ev.Kind == graph.Write && !slices.ContainsFunc(r.Path().RMW, func(x graph.Edge) bool { return x.To == e }) {
				return true
			}
		}
	}
	return false
}
