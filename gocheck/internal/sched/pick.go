package sched

// enabled reports whether t could take a step.
func (x *Explorer) enabled(t *thread) bool {
	if !t.live {
		return false
	}
	if len(t.futile) > 0 && x.memory.isFutile(t) {
		return false
	}
	if t.waiting {
		return (x.wakes || t.ticked) && t.woken
	}
	g := traits[t.op.code].guard
	switch g {
	case ready:
		return x.chans.canProceed(t)
	case slept:
		return x.time.slept(t)
	case due:
		return x.time.canFire(t.timer)
	}
	return g == always || x.objs.at(t.op.obj).open(g, t.op.arg)
}

// pick decides which thread takes the next step. Nil: the execution is over,
// for the reason in ending.
func (x *Explorer) pick() *thread {
	if x.ending != running {
		return nil
	}
	d := x.exec.depth
	if len(x.time.list) > 0 || x.time.sleeps > 0 || x.time.obj != noObj {
		x.tick()
	} else if d < x.exec.known {
		return x.pickGiven(d)
	}
	if x.isTooLong(d) {
		x.ending = tooLong
		return nil
	}
	if x.why = x.limits.after(1); x.why != "" {
		x.ending = cutShort
		return nil
	}
	if d == len(x.stack.nodes) {
		x.stack.nodes = append(x.stack.nodes, node{})
	}
	switch {
	case x.cfg.Schedule != nil:
		return x.pickScheduled(d)
	case d < x.stack.prefix:
		return x.pickGiven(d)
	case x.cfg.Random:
		return x.pickRandom(d)
	}
	return x.pickNew(d)
}

// isTooLong says whether an execution with d steps has reached the bound. Up to MaxAlone
// steps, those at which no other thread could have run do not count: a test that uses one
// goroutine has one execution, however long.
func (x *Explorer) isTooLong(d int) bool {
	most := x.cfg.MaxSteps
	return most > 0 && d >= most && (int(x.stack.nodes[d-1].shared) >= most || d >= x.cfg.MaxAlone)
}

// pickGiven follows the path. If a goroutine's next operation differs from the
// last time, the program depends on something besides the schedule.
func (x *Explorer) pickGiven(d int) *thread {
	if d == x.stack.fresh {
		return x.pickBranch(d)
	}
	t := x.threads[x.stack.nodes[d].thread]
	t.letGo()
	if e := &x.exec.events[d]; !x.enabled(t) || t.op.code != e.code || t.op.obj != e.obj {
		if x.cfg.Random {
			return x.leaveGiven(d)
		}
		x.note(Nondeterminism, x.texts.differs(t, d), "")
		return nil
	}
	return t
}

// leaveGiven goes on at random from d, when a random execution that is run again does not
// follow its path. Any execution will do. A loop may have been recognized in the last run
// only: its state includes words of the stack that no variable uses any more.
func (x *Explorer) leaveGiven(d int) *thread {
	x.stack.prefix = d
	x.stack.forget(d)
	return x.pickRandom(d)
}

// pickBranch takes the branch that backtrack has chosen for d, or the next one
// that can run: whether a lock is free is known only here.
func (x *Explorer) pickBranch(d int) *thread {
	n := &x.stack.nodes[d]
	for !x.may(d, x.threads[n.thread]) {
		if !x.stack.nextBranch(n) {
			x.ending = redundant
			return nil
		}
	}
	return x.take(d, x.threads[n.thread])
}

// pickNew chooses at a new state: the thread that the wakeup tree asks for,
// else the one that ran last, which costs no switch.
func (x *Explorer) pickNew(d int) *thread {
	n := &x.stack.nodes[d]
	if x.stack.instead {
		return x.pickInstead(d, n)
	}
	n.reset()
	if d > 0 {
		x.inheritSleep(d)
		n.alts, x.stack.nodes[d-1].sub = x.stack.nodes[d-1].sub, nothing
	}
	return x.pickAsked(d, n)
}

// pickInstead takes another step in place of one that was in vain.
func (x *Explorer) pickInstead(d int, n *node) *thread {
	x.stack.instead = false
	return x.pickAsked(d, n)
}

// pickAsked takes the first branch of the wakeup tree that can run, else any
// thread.
func (x *Explorer) pickAsked(d int, n *node) *thread {
	for x.stack.nextBranch(n) {
		if t := x.threads[n.thread]; x.may(d, t) {
			return x.take(d, t)
		}
	}
	n.choice, n.tried = 0, 0
	t, e := x.pickFree(d)
	if e == redundant && n.sleep.equal(&n.vain) {
		t = x.pickVain(n)
	}
	if t == nil {
		if e == complete && x.threads.overtaken() {
			e = redundant
		}
		x.ending = e
		return nil
	}
	return x.take(d, t)
}

// pickFree is any thread that can run and is not asleep, the last one if
// possible; or nil, with the ending.
func (x *Explorer) pickFree(d int) (*thread, ending) {
	n, c := &x.stack.nodes[d], x.cur
	if !n.sleep.has(c.id) && x.enabled(c) && !x.isLong(d, c) {
		return c, running
	}
	why := complete
	for i := range x.threads {
		t := x.threads[(int(c.id)+1+i)%len(x.threads)]
		switch {
		case !x.enabled(t):
		case n.sleep.has(t.id):
			why = max(why, redundant)
		case x.may(d, t):
			return t, running
		default:
			why = preempted
		}
	}
	return nil, why
}

// longStreak is how many steps a thread takes in a row before other threads are
// chosen: it may wait for them in a loop.
const longStreak = 100

// isLong reports whether t took so many steps in a row before d. If preemptions are
// bounded it may take more.
func (x *Explorer) isLong(d int, t *thread) bool {
	most := longStreak
	if x.trail != nil {
		most *= 10
	}
	n := 0
	for n < most && n < d && x.exec.events[d-1-n].thread == t.id {
		n++
	}
	return n == most
}

// may reports whether t can take a step, and the bound on preemptions allows it.
func (x *Explorer) may(d int, t *thread) bool {
	if !x.enabled(t) {
		return false
	}
	if x.cfg.Preemptions >= 0 && x.preempts(d, t) > x.cfg.Preemptions {
		x.bounded = true
		return false
	}
	return true
}

// preempts counts the preemptions up to d, if t goes on there.
func (x *Explorer) preempts(d int, t *thread) int {
	if d == 0 {
		return 0
	}
	n := int(x.stack.nodes[d-1].preempts)
	if last := x.threads[x.exec.events[d-1].thread]; last != t && x.enabled(last) {
		n++
	}
	return n
}

// take notes the choice of t.
func (x *Explorer) take(d int, t *thread) *thread {
	n := &x.stack.nodes[d]
	n.thread, n.channels = t.id, x.chans.n
	n.shared = 0
	if d > 0 {
		n.shared = x.stack.nodes[d-1].shared
	}
	if x.couldSwitch(t) {
		n.shared++
	}
	if x.cfg.Preemptions >= 0 || x.rec != nil || x.trail != nil {
		n.preempts = int32(x.preempts(d, t))
	}
	if x.trail != nil {
		x.trail.leave(x, d, t)
	}
	return t
}

// couldSwitch says whether another thread than t could take the next step.
func (x *Explorer) couldSwitch(t *thread) bool {
	for _, q := range x.threads {
		if q != t && x.enabled(q) {
			return true
		}
	}
	return false
}

// inheritSleep keeps those asleep that commute with the last event.
func (x *Explorer) inheritSleep(d int) {
	above, e := &x.stack.nodes[d-1], &x.exec.events[d-1]
	n := &x.stack.nodes[d]
	for id := above.sleep.next(0); id != nothing; id = above.sleep.next(id + 1) {
		q := x.threads[id]
		switch {
		case id == above.thread:
			continue
		case q.op.code.multi():
			continue // see inheritMulti
		case q.op.obj == e.obj && e.obj != noObj && conflict(above.kindAsleep(q), e.kind):
			continue
		}
		n.sleepLike(above, id)
	}
	if len(above.asleep) > 0 {
		n.inheritMulti(x, above, int32(d-1))
	}
}

// pickScheduled follows a schedule, and then runs any thread that can run.
func (x *Explorer) pickScheduled(d int) *thread {
	s := x.cfg.Schedule
	if d >= len(s.Threads) {
		x.stack.nodes[d].reset()
		t, why := x.pickFree(d)
		if t == nil {
			x.ending = why
			return nil
		}
		return x.take(d, t)
	}
	if int(s.Threads[d]) < len(x.threads) {
		x.threads[s.Threads[d]].letGo()
	}
	if int(s.Threads[d]) >= len(x.threads) || !x.enabled(x.threads[s.Threads[d]]) {
		x.note(Misuse, "the schedule does not fit the program: it was made for another version of it", "")
		x.found.Unsure = true
		return nil
	}
	n := &x.stack.nodes[d]
	n.reset()
	n.choice = s.choice(d)
	return x.take(d, x.threads[s.Threads[d]])
}

// backtrack finds the deepest point before depth where something is left to explore, and
// takes that branch.
func (x *Explorer) backtrack(depth int) bool {
	if x.sharing != nil && x.sharing.joinFrom(depth) {
		return true
	}
	for d := depth - 1; d >= x.stack.floor; d-- {
		n, e := &x.stack.nodes[d], &x.exec.events[d]
		if x.stack.nextChoice(n, e, int32(d)) {
			n.tried++
			x.stack.tree.drop(n.sub)
			n.sub = nothing
			return x.stack.follow(d)
		}
		x.stack.putToSleep(n, e, int32(d))
		if x.stack.nextBranch(n) {
			return x.stack.follow(d)
		}
		if x.sharing != nil && x.sharing.joinAt(d) {
			return true
		}
	}
	return false
}
