package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// decideRead explores what each way to decide c leaves: the read reads from one of the
// writes, or it is postponed.
func (d *dynamic) decideRead(c choice) outcome {
	d.walk.decides()
	r := &readDecision{choice: c, later: d.sched.postponedAt(c)}
	overtakes := d.partial.overtakes(c.read)
	frame := d.frames.watch(c.read, overtakes, d.sched.mayPayAnyway(c, overtakes))
	r.last = d.sched.mayBeAwaited(c)
	var given []*subtask
	for i, w := range c.writes {
		x := decision{w, c.read, overtakes}
		m := mode{needConsistency: c.more && r.last[i] && !r.seen && !d.frames.list[frame].mayPay}
		if i+1 < len(c.writes) && d.offers() {
			given = append(given, d.offload(i, x, m))
			continue
		}
		o := d.timedTry(x, m)
		r.note(i, o, &d.frames.list[frame])
		if d.task.over.Load() {
			break
		}
	}
	for _, x := range given {
		o := d.join(x)
		r.note(x.at, o, &d.frames.list[frame])
	}
	switch mayPay := d.frames.unwatch(); {
	case c.more && (mayPay || !r.seen) || len(r.later.fails) > 0:
		r.outcome.joinLater(d.postpone(r.later))
	case r.blocks && !r.goesOn && ofLock(d.th.event(c.read)):
		r.outcome.prunedUnknown = true
	}
	return r.outcome
}

// movesNone reports whether c is no choice, and no thread goes on by it: what a thread needs
// is computed from other reads, too.
func (s *scheduler) movesNone(c choice) bool {
	if s.task.cfg.plain.forceNone || len(c.writes) != 1 || c.more || s.th.isRMW(c.read) || s.partial.misuse(c.writes[0], c.read) != nil || len(s.postponedAt(c).fails) > 0 {
		return false
	}
	rf := &s.th.rf[c.read.thread][c.read.event]
	*rf = c.writes[0]
	moves := false
	for t, r := range s.th.runners {
		moves = moves || s.th.ready(t, r)
	}
	*rf = undecided
	return !moves
}

// decideInPlace is decideRead of a choice that movesNone. Nothing has to be loaded for it.
func (d *dynamic) decideInPlace(c choice) (o outcome) {
	d.space.stats.Tried++
	x := decision{c.writes[0], c.read, d.partial.overtakes(c.read)}
	n := len(d.partial.decided)
	d.partial.decided = append(d.partial.decided, x)
	d.th.rf[x.read.thread][x.read.event] = x.write
	if d.partial.triesInVain() { // retry.go
		o.prunedUnknown = true
	} else {
		next, j := d.judgeAlso(x)
		o.prunedUnknown = j == leftOut
		d.frames.noteConflicts()
		if j == allowed {
			o.joinLater(d.explore(next, false))
		}
	}
	d.partial.undecide(n)
	return o
}

// postponedAt is c's read postponed, at writes that it has passed over before.
func (s *scheduler) postponedAt(c choice) postponed {
	return postponed{read: c.read, fails: s.lasting(c), notAwaited: s.partial.lastPostponed(c.read).notAwaited, rmw: s.th.isRMW(c.read)}
}

// A readDecision is what is known of the ways to decide a read.
type readDecision struct {
	choice
	last    []bool    // by write: it may be the last of its cell
	later   postponed // how the read is postponed
	seen    bool      // the model allows the read to read from the last write
	blocks  bool      // in some way its thread waits
	goesOn  bool      // in some way it does not
	outcome outcome
}

// note adds what came of reading from write number i.
func (r *readDecision) note(i int, x outcome, f *frame) {
	r.outcome.joinLater(x)
	f.mayPay = f.mayPay || x.prunedUnknown
	r.seen = r.seen || x.consistent && r.last[i]
	r.blocks, r.goesOn = r.blocks || x.blocks, r.goesOn || x.consistent && !x.blocks
	if x.blocks && (r.last[i] || x.notAwaited) {
		r.later.fails = append(r.later.fails, r.writes[i])
		r.later.notAwaited = r.later.notAwaited || x.notAwaited
	}
}

// ofLock reports whether a read finds a lock taken or free, and so cannot read from any write
// of its cell. Where its thread waits at each that there is, and the last is none of these,
// the branch ends, and nothing is known of what other threads would have done. Here, with
// x = 0 in the end, the second thread finds the lock taken before the third has written to y:
//
//	while (!spin_trylock(l)) { }    |  while (!spin_trylock(l)) { }  |  cmpxchg(x, 1, 2);
//	while (xchg(y, 1)) { }          |  xchg(x, 1);                   |  WRITE_ONCE(*y, 1);
//	spin_unlock(l);                 |  spin_unlock(l);               |
func ofLock(e *graph.Event) bool { return e.Kind != graph.Read }

// mayBeAwaited reports, by write, whether it may be the last of its cell, so that a thread
// which waits at it waits forever.
func (s *scheduler) mayBeAwaited(c choice) []bool {
	last := make([]bool, len(c.writes))
	for i, w := range c.writes {
		last[i] = s.lasts(w, c.read) && !s.waitsInVain(c.read, w)
	}
	return last
}

// waitsInVain reports whether read's thread might wait at w, which will not last.
func (s *scheduler) waitsInVain(read, w ref) bool {
	if len(s.rivals(w, read)) == 0 {
		return false
	}
	p, _ := s.probe(read, w)
	return p == unclear && s.outdated(w, read)
}

// try makes a decision, and explores what it leaves. The thread of an atomic operation
// that succeeds or fails goes either way.
func (d *dynamic) try(x decision, m mode) (o outcome) {
	w, r := x.write, x.read
	d.space.stats.Tried++
	reader := d.th.runners[r.thread]
	ways := []*thread.Runner{reader}
	if d.th.isRMW(r) {
		both := reader.Ways()
		ways = both[:]
	}
	misuse := d.partial.misuse(w, r)
	v, known := d.th.written(w)
	dead := true
	for _, way := range ways {
		if way != reader {
			if misuse == nil && known && !way.Admits(v) {
				continue
			}
			r.event = way.Need()
		}
		d.th.runners[r.thread] = way
		if misuse != nil {
			d.th.runners[r.thread] = way.Clone()
			d.th.runners[r.thread].Stop(misuse)
		}
		y := d.advanceWith(decision{w, r, x.overtakes}, m)
		o.join(y)
		dead = dead && y.dead
	}
	d.th.runners[r.thread] = reader
	o.prunedUnknown = o.prunedUnknown || dead
	return o
}

// advanceWith is advance with one more decision.
func (d *dynamic) advanceWith(x decision, m mode) outcome {
	r := x.read
	d.th.rf[r.thread][r.event] = x.write
	d.partial.decided = append(d.partial.decided, x)
	o := d.advance(m)
	d.partial.decided = d.partial.decided[:len(d.partial.decided)-1]
	d.th.rf[r.thread][r.event] = undecided
	return o
}

// misuse says what is wrong with reading from w, if anything is.
func (px *partial) misuse(w, r ref) *ir.Misuse {
	read := px.th.event(r)
	switch {
	case w.initial():
		if !px.task.prog.Cells[w.event].Uninit || read.Copies {
			return nil
		}
		return &ir.Misuse{Pos: read.Pos, Text: read.Text, What: ir.Unset}
	case slices.Contains(px.th.runners[w.thread].Path().Frees, w.event):
		free := px.th.event(w)
		return px.task.prog.Misused(free.Loc, read.Pos, read.Text, free.Pos)
	}
	return nil
}
