package sched

// A node is a point of the path that is being explored: the state before one
// event.
type node struct {
	thread   int32
	choice   int32     // the result of a Choose here
	tried    int32     // how many of its choices have been tried
	sleep    set       // threads whose next step from here is explored elsewhere
	readonly set       // those of them whose step turned out a read
	vain     set       // those of them whose step would end a round in vain
	alts     int32     // wakeup tree: the siblings of the branch taken
	sub      int32     // wakeup tree: the rest that this branch asks for
	preempts int32     // up to here
	shared   int32     // steps up to here at which another thread could have run
	channels int32     // how many are known
	asleep   []sleeper // the sleeping steps that have footprints
	left     []int32   // the alternatives of its select that have not been tried
}

func (n *node) reset() {
	n.thread, n.choice, n.tried, n.preempts, n.shared = 0, 0, 0, 0, 0
	n.sleep.clear()
	n.readonly.clear()
	n.vain.clear()
	n.alts, n.sub = nothing, nothing
	n.channels, n.asleep, n.left = 0, nil, n.left[:0]
}

// sleepLike lets q sleep at n in the way in which it does above.
func (n *node) sleepLike(above *node, q int32) {
	n.sleep.add(q)
	if above.readonly.has(q) {
		n.readonly.add(q)
	}
	if above.vain.has(q) {
		n.vain.add(q)
	}
}

// hasChoice reports whether n's step, event e, has a choice that was not explored.
func (n *node) hasChoice(e *event) bool {
	if e.code == chanSelect || e.code == chanTry {
		return len(n.left) > 0
	}
	return e.code.chooses() && n.tried+1 < e.arg
}

// kindAsleep is the kind of the next step of q, which sleeps at n.
func (n *node) kindAsleep(q *thread) Kind {
	if n.readonly.has(q.id) {
		return Read
	}
	return q.op.kind()
}
