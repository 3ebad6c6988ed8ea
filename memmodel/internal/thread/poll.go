package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A loop that waits for what a lock protects takes the lock in each round, and gives it back:
//
//	do { spin_lock(l); r = *x; spin_unlock(l); } while (!r);
//
// Claim: let a round of a loop give back each lock that it takes, write nothing else, and
// change nothing that the thread remembers. Let all accesses to these locks take them or give
// them back. Then the executions with the round end as others do, with fewer events.
//
// Proof: leave the round out. Of a lock that it takes, let u0 be what it reads from and u what
// gives the lock back. Nothing comes between the two in co. So the one that takes the lock next
// may read from u0 instead of u. Let it do so. It had the order of u0 before itself already, by
// way of the round: u0 is read by its beginning, and u is at its end. Of all others that were
// ordered before it, those of the round's own thread are now not. No other event reads from the
// round, since an access that looks whether the lock is taken is none of these that take or
// give back. So no order is added, and the model allows the execution. Smallest execution that
// would go wrong with another kind of access:
//
//	do { spin_lock(l); r = *x; spin_unlock(l); } while (!r);   |   s = spin_is_locked(l); smp_mb(); WRITE_ONCE(*x, 1);
//
// Without a round that reads 0, s may be 0, but never 1.
//
// The proof does not ask where a round begins. If a thread has the lock whenever it looks, it gives the
// lock up in between, and its rounds begin there (gapOf).
//
// The last round of a thread that waits forever stays, because of its reads: they read the last
// writes. It takes no lock, and only sees that the lock is free.

// SparePolls has rounds left out that take locks and give them back, of the threads of flows.
func SparePolls(flows []*Flow) {
	some := false
	for _, f := range flows {
		f.findPolls()
		some = some || len(f.polls) > 0
	}
	if !some {
		return
	}
	only := onlyLocks(flows)
	for _, f := range flows {
		f.lockOnly = only
	}
}

// onlyLocks has the locks that the threads of flows do nothing to but take them and give them back.
func onlyLocks(flows []*Flow) map[int]bool {
	only := map[int]bool{}
	for c, cell := range flows[0].prog.Cells {
		if cell.Lock {
			only[c] = true
		}
	}
	for _, f := range flows {
		for i := range f.th.Instr {
			if !takesOrGives(&f.th.Instr[i]) {
				f.reaches(i, func(c int) { delete(only, c) })
			}
		}
	}
	return only
}

// takesOrGives reports whether an instruction takes a lock or gives it back.
func takesOrGives(in *ir.Instr) bool {
	return in.Op == ir.Do && (in.Kind == graph.LockRead || in.Kind == graph.LockWrite || in.Kind == graph.Unlock)
}

// reaches calls to with each cell that instruction i may access.
func (f *Flow) reaches(i int, to func(cell int)) {
	if f.prog.Confined {
		f.Uses(i, to)
		return
	}
	eachBit(f.targetsOf(i), to)
}

// strays reports whether in is an access to a lock that is but taken and given back, and does neither.
func (r *Runner) strays(in *ir.Instr, cell int) bool {
	return r.flow.lockOnly[cell] && !takesOrGives(in)
}

// findPolls finds where rounds begin that may be left out though they take locks: the loops that
// take one, and gaps. From each it finds from where the thread may come back to there so that the round
// writes nothing but locks and perhaps changes nothing.
func (f *Flow) findPolls() {
	f.polls, f.gaps = make(map[int][]bool), make(map[int]bool)
	add := func(begin int) {
		if may := f.mayChangeNothing(begin); may[begin] {
			f.polls[begin] = may
		}
	}
	for head := range f.heads {
		if gap, ok := f.gapOf(head); ok {
			f.gaps[gap] = true
			add(gap)
		} else if f.takesLock(head) {
			add(head)
		}
	}
}

// gapOf is behind where the loop that begins at head gives back locks, if it does so before it takes
// any: there the thread has not got the locks that it has from one round to the next.
//
//	spin_lock(l); while (!*x) { spin_unlock(l); spin_lock(l); }
//
// A round from there to there takes the lock, looks, and gives it back.
func (f *Flow) gapOf(head int) (gap int, ok bool) {
	for i := head; i <= f.ends[head]; i++ {
		switch {
		case f.performs(i, graph.LockRead):
			return gap, gap > 0
		case f.performs(i, graph.Unlock):
			gap = i + 1
		}
	}
	return 0, false
}

// mayChangeNothing has, by instruction, whether there is a way from there to begin that does not certainly
// change something.
func (f *Flow) mayChangeNothing(begin int) []bool {
	may := make([]bool, len(f.th.Instr)+1)
	for changed := true; changed; {
		changed = false
		for i := len(f.th.Instr) - 1; i >= 0; i-- {
			if may[i] || f.mustChange(begin, i) {
				continue
			}
			f.next(i, func(to int) {
				if to == begin || may[to] {
					may[i], changed = true, true
				}
			})
		}
	}
	return may
}

// takesLock reports whether the loop that begins at head takes a lock.
func (f *Flow) takesLock(head int) bool {
	for i := head; i <= f.ends[head]; i++ {
		if f.performs(i, graph.LockRead) {
			return true
		}
	}
	return false
}

// mustChange reports whether an instruction certainly changes something of a round that begins at begin: it
// writes, or it counts, as i++ does.
func (f *Flow) mustChange(begin, i int) bool {
	in := &f.th.Instr[i]
	switch in.Op {
	case ir.Do:
		return in.Kind == graph.Write && !in.RMW && !f.writesPrivate(i)
	case ir.Free, ir.Alloc:
		return true
	case ir.Assign:
		row := make([]uint64, len(f.alive[begin]))
		markUses(in.Val, row)
		d := int(in.Dst)
		counts := slices.Equal(row, with(make([]uint64, len(row)), d, true)) && in.Val.Op != ir.Load
		return counts && has(f.alive[begin], d)
	}
	return false
}

// writesPrivate reports whether an instruction may write a private cell.
func (f *Flow) writesPrivate(i int) bool {
	found := false
	f.Uses(i, func(c int) { found = found || f.prog.Cells[c].Private })
	return found
}

// polls reports whether a round gives back the locks that it takes, in the way of the claim.
func (r *Runner) polls(x *round) bool {
	held, ok := r.locksOf(x)
	return r.flow.polls[x.head] != nil && ok && len(held) == 0
}

// locksOf has the locks that a round has taken, and not yet given back. ok is false if it has given back
// others, or if these are accessed in another way than by the claim.
func (r *Runner) locksOf(x *round) (held []int, ok bool) {
	for e := x.events; e < len(r.path.Events); e++ {
		switch ev := &r.path.Events[e]; ev.Kind {
		case graph.LockFail, graph.SeeLock, graph.SeeFree:
			return nil, false
		case graph.LockWrite:
			if !r.flow.lockOnly[ev.Loc] {
				return nil, false
			}
			held = append(held, ev.Loc)
		case graph.Unlock:
			i := slices.Index(held, ev.Loc)
			if i < 0 {
				return nil, false
			}
			held = slices.Delete(held, i, i+1)
		}
	}
	return held, true
}

// Shown is the path of r as the model is to see it. A round in which r has taken locks may turn out to be
// one of waiting. Its locks are left out, because one of the two ways to go on is without the round. They are
// shown if another thread reads a write of r there. isRead reports whether another thread is known to
// read from an event of r.
//
// Claim: to leave the locks out forbids nothing, until it is known what the round is. Proof: if it
// is of waiting, they are not taken. If it is not, they are shown as soon as that is known.
func (r *Runner) Shown(isRead func(e int) bool) *Path {
	if len(r.flow.polls) == 0 || !needsValue(r.status) && r.status != NeedsChoice {
		return r.path
	}
	for _, list := range [2][]round{r.gaps, r.rounds} {
		for i := range list {
			if x := &list[i]; r.mayPoll(x) && !r.anyLock(x, isRead) {
				p := *r.path
				p.Events, p.Write = slices.Clone(p.Events), slices.Clone(p.Write)
				p.giveBack(x.events)
				return &p
			}
		}
	}
	return r.path
}

// enterGap ends the round that began at a gap, and begins another. If the first was one of waiting, the thread
// waits.
func (r *Runner) enterGap() {
	if !r.flow.gaps[r.pc] {
		return
	}
	i := slices.IndexFunc(r.gaps, func(x round) bool { return x.head == r.pc })
	if i >= 0 {
		if waits := r.waitsSince(&r.gaps[i]); waits || r.status != Running {
			r.atGap = r.status == NeedsValue
			return
		}
		r.usefulRound = false
		r.gaps = slices.Delete(slices.Clone(r.gaps), i, i+1)
	}
	r.gaps = append(slices.Clip(r.gaps), r.roundFromHere())
}

// mayPoll reports whether round x may turn out to be one of waiting, and has taken locks.
func (r *Runner) mayPoll(x *round) bool {
	if may := r.flow.polls[x.head]; may == nil || !may[r.pc] || !r.anyLock(x, func(int) bool { return true }) {
		return false
	}
	for e := x.events; e < len(r.path.Events); e++ {
		if r.path.Events[e].Kind == graph.Write && r.readHalf(e) < 0 {
			return false
		}
	}
	_, ok := r.locksOf(x)
	return ok
}

// anyLock reports whether is holds for what round x has written to a lock.
func (r *Runner) anyLock(x *round, is func(e int) bool) bool {
	for e := x.events; e < len(r.path.Events); e++ {
		if k := r.path.Events[e].Kind; (k == graph.LockWrite || k == graph.Unlock) && is(e) {
			return true
		}
	}
	return false
}

// giveBack makes of accesses to locks, from an event on, reads that find them free. It returns whether
// there are any. A lock that is taken twice is read once: the second time the thread would read what
// it has written itself.
func (p *Path) giveBack(from int) bool {
	var taken []int
	for e := from; e < len(p.Events); e++ {
		switch ev := &p.Events[e]; {
		case ev.Kind == graph.LockRead && !slices.Contains(taken, ev.Loc):
			taken = append(taken, ev.Loc)
			ev.Kind = graph.SeeFree
		case ev.Kind == graph.LockRead, ev.Kind == graph.LockWrite, ev.Kind == graph.Unlock:
			p.unwrite(e)
		}
	}
	return len(taken) > 0
}
