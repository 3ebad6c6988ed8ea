package sched

// A subtask is what is left of an exploration, in a form that another explorer of the
// same program can go on with: the path to the next execution, with what is left to explore
// at its nodes. It is saved between two executions.
//
// Branches at the nodes before the floor belong to others. Races that end in the
// subtask may request executions there. These requests are sent back (see request).

// save returns a subtask with the nodes from floor on.
func (x *Explorer) save(floor int) []byte {
	c := &coder{}
	code(c, &floor)
	x.codeSubtask(c, 0)
	return c.b
}

// load makes the subtask the exploration of x. Nodes before from are those of x already.
func (x *Explorer) load(subtask []byte, from int) bool {
	c := reading(subtask)
	floor := 0
	code(c, &floor)
	x.codeSubtask(c, from)
	if from == 0 {
		x.stack.floor = floor
	}
	return !c.bad && floor >= 0 && floor <= x.stack.fresh
}

// codeSubtask writes the exploration, or reads it. Of nodes below from, which x has
// already, it reads nothing but the step of the last.
func (x *Explorer) codeSubtask(c *coder, from int) {
	c.bool(&x.cfg.Census)
	c.bool(&x.cfg.offers)
	c.bool(&x.cfg.ordersCounts)
	c.bool(&x.cfg.NoRounds)
	c.bool(&x.cfg.TimersAnyTime)
	c.flag(&x.tried)
	c.flag(&x.heldBack)
	x.codeThreads(c)
	code(c, &x.stack.prefix)
	code(c, &x.stack.fresh)
	if c.reads {
		x.prepare(c, from)
	}
	for d := 0; d < x.stack.prefix && !c.bad; d++ {
		x.codeNode(c, d, from)
	}
	codeList(c, &x.stack.passes, func(p *pass) { code(c, &p.depth); code(c, &p.nth) })
	codeList(c, &x.stack.vains, func(v *vain) {
		code(c, &v.depth)
		code(c, &v.thread)
		codeList(c, &v.waits, func(s *seen) { code(c, &s.obj); code(c, &s.version); c.bool(&s.section) })
	})
}

// prepare makes room for the path that is read. The clocks of its events are not known.
func (x *Explorer) prepare(c *coder, from int) {
	if x.stack.prefix < from || x.stack.prefix > longest || x.stack.fresh != x.stack.prefix-1 {
		c.bad = true
		return
	}
	for len(x.stack.nodes) < x.stack.prefix {
		x.stack.nodes = append(x.stack.nodes, node{alts: nothing, sub: nothing})
	}
	for len(x.exec.events) < x.stack.prefix {
		x.exec.events = append(x.exec.events, event{})
	}
	x.stack.racesUpTo, x.exec.clocked = x.stack.fresh, min(x.exec.clocked, max(from-1, 0))
}

// codeThreads writes the parents of all threads, or makes the threads. A thread is
// identified by its parent and its place among the parent's children. Threads that both
// explorers know must have the same numbers in both.
func (x *Explorer) codeThreads(c *coder) {
	var parents []int32
	for _, t := range x.threads[1:] {
		parents = append(parents, t.parent.id)
	}
	known := len(parents)
	list := parents
	if c.reads {
		list = nil
	}
	codeList(c, &list, func(p *int32) { code(c, p) })
	stride := x.exec.stride
	code(c, &stride)
	if !c.reads {
		return
	}
	for i, p := range list {
		switch {
		case p < 0 || int(p) > i, i < known && parents[i] != p, i+1 >= maxThreads:
			c.bad = true
			return
		case i >= known:
			k := x.threads.add(x, x.threads[p])
			k.nth = len(k.parent.kids)
			k.parent.kids = append(k.parent.kids, k)
		}
	}
	for x.exec.stride = max(x.exec.stride, firstStride); x.exec.stride < min(stride, maxThreads); {
		x.exec.stride *= 2
	}
	if len(x.threads) > x.exec.stride {
		c.bad = true
	}
}

func (x *Explorer) codeNode(c *coder, d, from int) {
	n, e := &x.stack.nodes[d], &x.exec.events[d]
	if c.reads && d < from {
		n, e = &node{alts: nothing, sub: nothing}, &event{}
		defer func() {
			x.stack.tree.drop(n.alts)
			if d == from-1 {
				into := &x.stack.nodes[d]
				into.thread, into.choice, into.tried = n.thread, n.choice, n.tried
				into.left = into.left[:0]
				x.exec.events[d] = *e
			}
		}()
	}
	code(c, &e.code)
	code(c, &e.obj)
	code(c, &n.thread)
	code(c, &n.choice)
	code(c, &n.tried)
	code(c, &n.preempts)
	code(c, &n.shared)
	code(c, &n.channels)
	c.set(&n.sleep)
	c.set(&n.readonly)
	c.set(&n.vain)
	codeList(c, &n.left, func(v *int32) { code(c, v) })
	codeList(c, &n.asleep, func(s *sleeper) { s.code(c) })
	x.stack.tree.code(c, &n.alts, len(x.threads))
	x.stack.tree.code(c, &n.sub, len(x.threads))
	if n.thread < 0 || int(n.thread) >= len(x.threads) {
		c.bad, n.thread = true, 0
	}
}

func (s *sleeper) code(c *coder) {
	code(c, &s.thread)
	code(c, &s.known)
	code(c, &s.as.i)
	code(c, &s.as.with)
	code(c, &s.as.at)
	list := []access(s.foot)
	codeList(c, &list, func(a *access) { code(c, &a.side); code(c, &a.kind) })
	s.foot = list
}
