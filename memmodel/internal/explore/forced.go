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
func (s *scheduler) propagateForced() {
	for !s.task.cfg.plain.forceNone && s.forceOne() {
	}
}

// forceOne decides one such read. It returns false if there is none.
func (s *scheduler) forceOne() bool {
	for t, r := range s.th.runners {
		if !needs(r) || s.partial.blocked[t] {
			continue
		}
		read, ok := s.th.needed(t)
		if !ok || s.th.event(read).Kind == graph.LockRead { // a thread that needs a lock may find it taken
			continue
		}
		p := s.partial.lastPostponed(read)
		writes := s.sources(read, p.events)
		waits := slices.ContainsFunc(p.fails, func(w ref) bool { return p.notAwaited || !s.overwritten(w) })
		if len(writes) == 0 || len(writes) > 2 || waits || s.mayBeWritten(read) {
			continue
		}
		if s.force(read, writes) {
			return true
		}
	}
	return false
}

// force has read read from the one of the writes that it can read from. It returns
// false if there are several.
func (s *scheduler) force(read ref, writes []ref) bool {
	only, then := undecided, []*thread.Runner(nil)
	for _, w := range writes {
		switch p, runners := s.probe(read, w); p {
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
		_, then = s.probe(read, only)
	}
	s.partial.decided = append(s.partial.decided, decision{only, read, s.partial.overtakes(read)})
	s.th.rf[read.thread][read.event] = only
	copy(s.th.runners, then)
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
func (s *scheduler) probe(read, w ref) (p probeResult, runners []*thread.Runner) {
	if s.partial.misuse(w, read) != nil || s.th.isRMW(read) {
		return unclear, nil
	}
	s.th.rf[read.thread][read.event] = w
	defer func() { s.th.rf[read.thread][read.event] = undecided }()
	p, runners = goesOn, slices.Clone(s.th.runners)
	for t, r := range s.th.runners {
		if !s.th.ready(t, r) {
			continue
		}
		next := s.th.ahead(t, r)
		runners[t] = next
		switch next.Status() {
		case thread.Dead:
			p = nowhere
			if s.mayKeep(next, r) {
				return unclear, nil
			}
		case thread.Waits:
			if s.mayKeep(next, r) || t != read.thread || !slices.Contains(next.Path().Wait, read.event) || !s.overwritten(w) {
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
func (s *scheduler) overwritten(w ref) bool {
	if w.thread != graph.InitThread || !s.st.Coherent {
		return false
	}
	for _, r := range s.th.runners {
		for e := range r.Path().Events {
			ev := &r.Path().Events[e]
			if ev.Loc == w.event && ev.Kind == graph.Write && !slices.ContainsFunc(r.Path().RMW, func(x graph.Edge) bool { return x.To == e }) {
				return true
			}
		}
	}
	return false
}
