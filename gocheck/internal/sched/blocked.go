package sched

// noteBlocked notes the races of steps that were not taken: of threads that wait at the
// end of an execution that does not fail for that. Most executions that end so do fail. But
// threads may be allowed to wait (NoLeaks), they may go on in time, and an execution may
// be given up.
//
// Claim: if thread q waits at the end, and its step could have come before event f of
// another thread, then an execution is requested in which q's step comes first. Proof: the
// step conflicts with f, which closed its guard or took what it waits for. If q's
// last event does not come after f, q can be brought to its step without f, by the events
// that do not come after f. This is the race of f with a later step of q, as in an
// execution that q's step ends.
//
// Smallest execution: goroutine 1 receives from a, goroutine 2 from b and then from a, and
// goroutine 3 sends to a and then to b. If 1 receives first, 2 waits forever at a place
// that it had not reached before. Without this rule, no event says that 2 could have been
// the first.
func (x *Explorer) noteBlocked() {
	if x.wakes {
		return
	}
	from, n := len(x.reversals.list), 0
	for _, t := range x.threads {
		if !t.live || t.waiting || t.op.obj == noObj || x.enabled(t) {
			continue
		}
		g := traits[t.op.code].guard
		isSelect := t.op.code == chanSelect
		if g == always || t.op.code.multi() && !isSelect {
			continue
		}
		i := x.suppose(t, n)
		n++
		clock := x.reversals.none
		if t.last >= 0 {
			clock = x.exec.clock(t.last)
		}
		if isSelect {
			x.reversals.findCases(i, t, clock)
		} else {
			x.reversals.find(i, &x.exec.events[i], clock)
		}
	}
	for k := from; k < len(x.reversals.list); k++ {
		x.reversals.list[k].until = int32(x.exec.depth)
	}
}

// suppose puts the step for which t waits behind the events of the execution, as the nth
// such event. It is no part of the execution.
func (x *Explorer) suppose(t *thread, nth int) int32 {
	i := x.exec.depth + nth
	for i >= len(x.exec.events) {
		x.exec.events = append(x.exec.events, event{})
	}
	x.exec.events[i] = event{thread: t.id, n: t.n, obj: t.op.obj, arg: t.op.arg, code: t.op.code, kind: t.op.kind()}
	return int32(i)
}

// findCases notes the races of t's select by the cases that are not ready.
func (rs *reversals) findCases(i int32, t *thread, clock []uint32) {
	s := t.sel
	foot, needs := s.foot, s.needs
	for j := range s.cases {
		if s.chans[j] < 0 || s.hasReady(j) {
			continue // not a case, or another choice here
		}
		s.foot, s.needs = rs.foot[:0], rs.needs[:0]
		rs.chans.addCase(s, s, j)
		rs.findAt(i, t, j, clock)
		rs.foot, rs.needs = s.foot, s.needs
	}
	s.foot, s.needs = foot, needs
}
