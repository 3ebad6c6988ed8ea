package sched

// A stack is the path of an exploration: the events that the next run begins with, and what
// is left to explore at each node.
type stack struct {
	exec *execution

	nodes     []node
	tree      tree
	prefix    int       // events that are given
	fresh     int       // the last of them, if it is a branch that has not been taken before
	racesUpTo int       // races that end in earlier events than this have been handled
	floor     int       // the first node that is explored here
	requests  []request // for nodes before it
	vains     []vain    // in the order of their depths
	passes    []pass    // in the order of their depths
	instead   bool      // the step after the prefix has to be chosen again
	v         []int32   // scratch
}

// newStack is the stack of an exploration of exec that has not begun.
func newStack(exec *execution) stack {
	return stack{exec: exec, fresh: -1, tree: tree{unused: nothing}}
}

// nextBranch turns n to the first of its alternatives whose thread does not sleep.
// The kind of a step is known only after it is taken. So a sequence may have been
// requested in which a step comes late that could as well have been the first.
func (st *stack) nextBranch(n *node) bool {
	for {
		st.tree.drop(n.sub)
		n.sub = nothing
		w := n.alts
		if w == nothing {
			return false
		}
		b := st.tree.nodes[w]
		n.thread, n.choice, n.tried, n.alts, n.sub = b.thread, b.choice, 0, b.next, b.child
		st.tree.free(w)
		if !n.sleep.has(n.thread) {
			return true
		}
	}
}

// nextChoice turns n, whose step was event e at d, to the step's next choice. The choice
// of a select that has been explored sleeps.
func (st *stack) nextChoice(n *node, e *event, d int32) bool {
	switch {
	case !n.hasChoice(e):
		return false
	case e.code == chanSelect || e.code == chanTry:
		n.sleepsOver(st.exec, n.thread, d)
		n.choice, n.left = n.left[0], n.left[1:]
	default:
		n.choice = (n.choice + 1) % e.arg
	}
	return true
}

// putToSleep lets the thread of n, whose step was event e at d, sleep there: all that
// follows is explored. If the thread sleeps, that was left to a helper, and is done now.
func (st *stack) putToSleep(n *node, e *event, d int32) {
	if n.sleep.has(n.thread) {
		return
	}
	n.sleep.add(n.thread)
	if e.kind == Read {
		n.readonly.add(n.thread)
	}
	n.sleepsOver(st.exec, n.thread, d)
}

// follow makes the path up to the new branch at d the given one.
func (st *stack) follow(d int) bool {
	st.prefix, st.fresh, st.racesUpTo = d+1, d, d
	st.forget(d)
	return true
}

// forget drops the knowledge about Spins after event d.
func (st *stack) forget(d int) {
	n := len(st.passes)
	for n > 0 && st.passes[n-1].depth > d {
		n--
	}
	st.passes = st.passes[:n]
	n = len(st.vains)
	for n > 0 && st.vains[n-1].depth > d {
		n--
	}
	st.vains = st.vains[:n]
}

// preemptedBefore reports whether event d comes where another thread could have
// gone on.
func (st *stack) preemptedBefore(d int) bool {
	return d > 0 && st.nodes[d].preempts > st.nodes[d-1].preempts
}

// passed reports whether a Spin after depth events, the nth since the last of them, was
// found not to wait.
func (st *stack) passed(depth, nth int) bool {
	for i := len(st.passes) - 1; i >= 0 && st.passes[i].depth >= depth; i-- {
		if st.passes[i] == (pass{depth, nth}) {
			return true
		}
	}
	return false
}

// reverse requests an execution in which r's second event comes before its
// first. The sequence v that leads there has the events between the two that do
// not come after the first, and then the second event.
//
// This is Source-DPOR (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014): from that
// point, some step must be explored with which v could begin. No two complete
// executions are equivalent, because a thread whose step has been explored sleeps
// until a conflicting event. But an execution may be begun in which finally all
// remaining threads sleep. To make that rare, all of v is requested, as in
// Optimal-DPOR, and not only its beginning.
//
// Optimal-DPOR leaves out more: also a v that commutes with an explored step
// which is not in it. That is sound only if each requested v is needed. To
// decide that, operations of two executions would have to be compared, but it is
// not known here whether variables of two executions are the same.
func (st *stack) reverse(r reversal, rs *reversals) {
	v := st.v[:0]
	for i := r.first + 1; i < r.until; i++ {
		if !st.exec.after(i, r.first) {
			v = append(v, i)
		}
	}
	st.v = v
	w := wakeup{exec: st.exec, reversals: rs, v: v, last: st.exec.events[r.second], second: r.second, channel: r.channel, hasLast: true}
	w.last.thread = r.thread
	w.last.kind = traits[w.last.code].kind // its kind is not known if it comes first
	n := &st.nodes[r.first]
	for q := n.vain.next(0); q != nothing; q = n.vain.next(q + 1) {
		// Its step was left out and not explored, because it can come later.
		if w.begins(q) {
			w.remove(q)
		}
	}
	if !w.hasLast {
		return
	}
	for q := n.sleep.next(0); q != nothing; q = n.sleep.next(q + 1) {
		if !n.vain.has(q) && w.begins(q) {
			return
		}
	}
	if int(r.first) >= st.floor {
		st.tree.insert(&n.alts, &w)
		return
	}
	q := w.request(r.first)
	if st.tree.insert(&n.alts, &w) {
		st.requests = append(st.requests, q)
	}
}

// grant makes a branch of what a helper requests, unless a branch leads there.
func (st *stack) grant(r *request) {
	n := &st.nodes[r.depth]
	for q := n.vain.next(0); q != nothing; q = n.vain.next(q + 1) {
		if r.begins(q) {
			r.remove(q)
		}
	}
	taken := int(r.depth) < st.exec.depth && !n.vain.has(n.thread)
	if r.reversal().gone || taken && r.begins(n.thread) {
		return
	}
	for q := n.sleep.next(0); q != nothing; q = n.sleep.next(q + 1) {
		if !n.vain.has(q) && r.begins(q) {
			return
		}
	}
	st.tree.insert(&n.alts, r)
}
