package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// exploreBlocked explores the executions in which threads that have not ended wait forever.
//
// Claim: where every thread that has not ended needs a read that has passed over all
// writes there are, and nothing else can happen, the executions that are left are those
// in which all of these threads wait forever; so one thread at a time is blocked, each at
// the writes at which it waits. This holds unless several threads need the same read.
//
// Proof: a thread that is not blocked would read from a write to come. Nobody performs
// one: not a thread that waits, and not one that can go on without its value, because such
// a thread was made to go on before (loadbuffering.go). With a read that several threads
// need, what makes one of them wait may let another go on, which may write. So such reads
// come first, with all threads that need them. The smallest execution, where r1 is 0:
//
//	r1 = READ_ONCE(*x); WRITE_ONCE(*y, r1);  |  while (!READ_ONCE(*y)) { }  |  if (!READ_ONCE(*y)) WRITE_ONCE(*z, 1);
//
// Where there are several, what one of them lets happen may be what another reads from.
func (d *dynamic) exploreBlocked() (o outcome) {
	if !d.task.prog.Waits {
		return o
	}
	n := len(d.partial.postponed)
	reads := d.sched.sharedReads()
	for _, r := range reads {
		o.joinLater(d.blockOnRead(r))
		d.partial.postponed = append(d.partial.postponed, postponed{read: r, events: d.th.counts(), rmw: d.th.isRMW(r)})
	}
	if len(reads) == 0 {
		o.joinLater(d.blockThread(slices.IndexFunc(d.th.runners, needs)))
	}
	d.partial.postponed = d.partial.postponed[:n]
	return o
}

// sharedReads lists the reads that several threads need, and at which one can wait.
func (s *scheduler) sharedReads() (list []ref) {
	var needed []ref
	for t, r := range s.th.runners {
		if !needs(r) {
			continue
		}
		read, ok := s.th.needed(t)
		if ok && slices.Contains(needed, read) && !slices.Contains(list, read) && s.waitsAt(read) {
			list = append(list, read)
		}
		needed = append(needed, read)
	}
	return list
}

// waitsAt reports whether a thread may wait if r reads from a write that is there.
func (s *scheduler) waitsAt(r ref) bool {
	return s.partial.lastPostponed(r).events == nil || len(s.awaited(r)) > 0
}

// awaited lists the writes at which a thread may wait if r reads from them. Of those that r
// was postponed past, these are the ones at which a thread was found to wait: at another,
// none did, and what came of it is explored already. The others are new to a thread that is
// blocked (exploreGuesses).
func (s *scheduler) awaited(r ref) []ref {
	p := s.partial.lastPostponed(r)
	return slices.DeleteFunc(s.sources(r, nil), func(w ref) bool { return p.passed(w) && !slices.Contains(p.fails, w) })
}

// blockThread has thread t wait forever, unless it was blocked where it guessed last.
func (d *dynamic) blockThread(t int) outcome {
	r := d.th.runners[t]
	if r.Guessed() {
		return outcome{}
	}
	if lock := r.Clone(); r.Status() == thread.NeedsValue && lock.WaitForLock() {
		return d.blockOnLock(t, lock)
	}
	if read, ok := d.th.needed(t); ok && d.sched.waitsAt(read) {
		return d.blockOnRead(read)
	}
	return outcome{}
}

// blockOnRead has the threads that need r wait at what it reads.
func (d *dynamic) blockOnRead(r ref) (o outcome) {
	for _, w := range d.sched.awaited(r) {
		o.joinLater(d.try(decision{w, r, false}, mode{block: true}))
	}
	return o
}

// blockFurther has threads wait where what was just decided does not suffice: it has no
// value yet, or a thread that is blocked needs another read as well. In
//
//	r1 = READ_ONCE(*y); WRITE_ONCE(*x, r1);   |   while (READ_ONCE(*x) | READ_ONCE(*z)) { }
//
// the second thread may wait at the write to x, or not, as r1 is. A blocked thread that performs
// another read on its way does not wait at the guess where it was blocked, but behind that read
// (exploreGuesses).
func (d *dynamic) blockFurther(before position) outcome {
	last := d.partial.decided[len(d.partial.decided)-1].read
	if read, ok := d.th.root(last); ok {
		return d.blockOnRead(read)
	}
	t := last.thread
	if r := d.th.runners[t]; d.partial.blocked[t] && needs(r) && !r.HasRead(before.runners[t]) {
		return d.blockThread(t)
	}
	return outcome{}
}

// blockOnLock has thread t, which goes on as r, wait for a lock that is never given back.
func (d *dynamic) blockOnLock(t int, r *thread.Runner) (o outcome) {
	for _, x := range d.partial.decided {
		if x.write.thread == t && x.write.event == r.Need()+1 {
			return o // another thread has seen it take the lock
		}
	}
	was := d.th.runners[t]
	d.th.runners[t] = r
	read := ref{t, r.Need()}
	never := func(w ref) bool { return d.th.asksFor(w) || !d.sched.lasts(w, read) } // as far as can be told now
	for _, w := range slices.DeleteFunc(d.sched.sources(read, nil), never) {
		d.space.stats.Tried++
		d.th.rf[t][read.event] = w
		d.partial.decided = append(d.partial.decided, decision{w, read, false})
		o.joinLater(d.decide(d.th.here(), len(d.partial.decided), false))
		d.partial.decided = d.partial.decided[:len(d.partial.decided)-1]
		d.th.rf[t][read.event] = undecided
	}
	d.th.runners[t] = was
	return o
}

// asksFor reports whether w takes a lock for which its thread still waits: where all such threads
// are blocked, it is never performed.
func (th *threads) asksFor(w ref) bool {
	if w.initial() {
		return false
	}
	r := th.runners[w.thread]
	return r.Status() == thread.NeedsValue && w.event == r.Need()+1
}

// waitsForGood demands that nothing comes after the writes that threads see
// which wait forever. It returns false if something does.
func (px *partial) waitsForGood() bool {
	for t, p := range px.paths {
		for _, e := range p.Wait {
			r := px.st.Base[t] + e
			w := px.st.RF(r)
			if w < 0 {
				continue
			}
			for _, x := range px.st.Writes[px.st.Events[r].Loc] {
				if x != w && !px.tentative(x) && !px.st.Order(x, w) {
					return false
				}
			}
		}
	}
	return true
}

// lasting lists the writes that c.read has passed over at which its thread would
// wait, and that may still turn out to be the last of their cell.
func (s *scheduler) lasting(c choice) (list []ref) {
	read := s.th.event(c.read)
	last := s.partial.lastPostponed(c.read)
	passed := last.fails
	if read.Kind == graph.LockRead {
		passed = s.th.taken(read.Loc, c.read)
	}
	for _, w := range passed {
		if last.notAwaited || s.lasts(w, c.read) && !s.outdated(w, c.read) {
			list = append(list, w)
		}
	}
	return list
}

// lasts reports whether w may be co-maximal, ignoring later writes of read's own thread: it
// never performs them if it blocks.
func (s *scheduler) lasts(w, read ref) bool {
	at := s.partial.index(w)
	if w.initial() && at < 0 {
		return true // no thread has come near the cell
	}
	if s.partial.isHidden(w) {
		return true
	}
	if !s.st.Events[at].Kind.Writes() {
		return false // it was put back, and r might as well read what was there before
	}
	for _, x := range s.st.Writes[s.st.Events[at].Loc] {
		own := read.thread == s.st.Events[x].Thread && x > s.st.Base[read.thread]+read.event
		if s.st.Before(at, x) && !s.partial.tentative(x) && !own {
			return false
		}
	}
	return true
}

// outdated reports whether the model has another write come after w, in what it has
// been told by judge. In a lock as that of Mellor-Crummey and Scott
//
//	called = 0; xchg(tail), acquire and release; next = self, release; while (!called);
//
// the thread before in the queue sets called after that, and no thread can wait forever.
func (s *scheduler) outdated(w, read ref) bool {
	return slices.ContainsFunc(s.rivals(w, read), func(x int) bool { return !s.partial.allowsOrder(x, s.partial.index(w)) })
}

// rivals lists the writes to the cell of w that are not known to come before it, but
// for what the operation of read writes.
func (s *scheduler) rivals(w, read ref) (list []int) {
	at := s.partial.index(w)
	if at < 0 || s.th.isRMW(read) || s.partial.isHidden(w) {
		return nil
	}
	for _, x := range s.st.Writes[s.st.Events[at].Loc] {
		if x != at && !s.st.Before(x, at) && !s.partial.tentative(x) && x != s.st.Half[s.partial.index(read)] {
			list = append(list, x)
		}
	}
	return list
}

// taken lists the writes by which a lock is taken, but for the attempt that read
// is of.
func (th *threads) taken(cell int, read ref) (list []ref) {
	for t, r := range th.runners {
		for e := range r.Path().Events {
			if ev := &r.Path().Events[e]; (t != read.thread || e < read.event) && ev.Kind == graph.LockWrite && ev.Loc == cell {
				list = append(list, ref{t, e})
			}
		}
	}
	return list
}
