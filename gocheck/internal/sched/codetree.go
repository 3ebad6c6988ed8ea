package sched

// code writes the branches of a list, with all below, or reads them. There are so many threads.
func (t *tree) code(c *coder, list *int32, threads int) {
	if c.reads {
		t.drop(*list)
		*list = t.read(c, threads)
		return
	}
	n := 0
	for w := *list; w != nothing; w = t.nodes[w].next {
		n++
	}
	code(c, &n)
	for w := *list; w != nothing; w = t.nodes[w].next {
		b := t.nodes[w]
		code(c, &b.thread)
		code(c, &b.choice)
		t.code(c, &b.child, threads)
	}
}

// read reads a list of branches.
func (t *tree) read(c *coder, threads int) (list int32) {
	list, last, n := nothing, int32(nothing), 0
	for code(c, &n); n > 0 && !c.bad; n-- {
		e := event{}
		code(c, &e.thread)
		code(c, &e.choice)
		child := t.read(c, threads)
		if e.thread < 0 || int(e.thread) >= threads {
			c.bad = true
			return list
		}
		w := t.new(&e)
		t.nodes[w].child = child
		if last == nothing {
			list = w
		} else {
			t.nodes[last].next = w
		}
		last = w
	}
	return list
}
