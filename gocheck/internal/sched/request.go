package sched

import "slices"

// A sequence is what a reversal requests from a node on: steps that lead to the
// reversal, which is the last one.
type sequence interface {
	// begins reports whether the sequence has a step of q and could begin with it: no
	// step before it in the sequence must precede it.
	begins(q int32) bool

	// remove removes the first step of q.
	remove(q int32)

	// steps calls f for each step.
	steps(f func(thread, choice int32))

	len() int
}

// insert adds the sequence to a wakeup tree, unless one in there leads to the same. It
// reports whether it has.
func (t *tree) insert(list *int32, s sequence) bool {
	t.reserve(s.len())
	for *list != nothing {
		b := &t.nodes[*list]
		if !s.begins(b.thread) {
			list = &b.next
			continue
		}
		if b.child == nothing {
			return false
		}
		s.remove(b.thread)
		list = &b.child
	}
	added := false
	s.steps(func(thread, choice int32) {
		*list = t.new(&event{thread: thread, choice: choice})
		list = &t.nodes[*list].child
		added = true
	})
	return added
}

// A request is a reversal for another explorer, which has the node before its first
// event, but not its events.
type request struct {
	depth int32 // of the node
	list  []requested
}

type requested struct {
	thread, choice int32
	after          []int32 // the places in the list of earlier steps that must precede it
	gone           bool
}

// request is w for the explorer that has the node at depth.
func (w *wakeup) request(depth int32) request {
	r := request{depth: depth}
	for k, i := range w.v {
		e := &w.exec.events[i]
		s := requested{thread: e.thread, choice: e.choice}
		for j, f := range w.v[:k] {
			if w.exec.after(i, f) {
				s.after = append(s.after, int32(j))
			}
		}
		r.list = append(r.list, s)
	}
	last := requested{thread: w.last.thread, choice: w.last.choice}
	for j, i := range w.v {
		if w.lastAfter(i) {
			last.after = append(last.after, int32(j))
		}
	}
	r.list = append(r.list, last)
	return r
}

func (r *request) code(c *coder) {
	code(c, &r.depth)
	codeList(c, &r.list, func(s *requested) {
		code(c, &s.thread)
		code(c, &s.choice)
		codeList(c, &s.after, func(k *int32) { code(c, k) })
	})
}

// isFor reports whether r can be a request for x, whose nodes before depth are shared.
func (r *request) isFor(x *Explorer, depth int) bool {
	for k, s := range r.list {
		if s.thread < 0 || int(s.thread) >= len(x.threads) {
			return false
		}
		for _, j := range s.after {
			if j < 0 || int(j) >= k {
				return false
			}
		}
	}
	return len(r.list) > 0 && r.depth >= 0 && int(r.depth) < depth
}

// reversal is the step that the request is for; the others lead there.
func (r *request) reversal() *requested { return &r.list[len(r.list)-1] }

func (r *request) find(q int32) *requested {
	k := slices.IndexFunc(r.list, func(s requested) bool { return !s.gone && s.thread == q })
	if k < 0 {
		return nil
	}
	return &r.list[k]
}

func (r *request) begins(q int32) bool {
	s := r.find(q)
	return s != nil && !slices.ContainsFunc(s.after, func(k int32) bool { return !r.list[k].gone })
}

func (r *request) remove(q int32) {
	if s := r.find(q); s != nil {
		s.gone = true
	}
}

func (r *request) steps(f func(thread, choice int32)) {
	for _, s := range r.list {
		if !s.gone {
			f(s.thread, s.choice)
		}
	}
}

func (r *request) len() int { return len(r.list) }
