package sched

import "slices"

// A tree has the wakeup trees of all nodes of the path: the sequences of
// threads that are still to be explored from each node, with shared beginnings.
type tree struct {
	nodes  []branch
	unused int32 // list of nodes, by next
}

type branch struct {
	thread int32
	choice int32
	child  int32 // the first
	next   int32 // sibling
}

const nothing = -1

func (t *tree) new(e *event) int32 {
	w := t.unused
	if w == nothing {
		w = int32(len(t.nodes))
		t.nodes = append(t.nodes, branch{})
	} else {
		t.unused = t.nodes[w].next
	}
	t.nodes[w] = branch{e.thread, e.choice, nothing, nothing}
	return w
}

func (t *tree) free(w int32) {
	t.nodes[w].next = t.unused
	t.unused = w
}

// drop frees a list of branches and all below.
func (t *tree) drop(w int32) {
	for w != nothing {
		b := t.nodes[w]
		t.drop(b.child)
		t.free(w)
		w = b.next
	}
}

// reserve makes room for n branches, so that pointers into the tree stay good.
func (t *tree) reserve(n int) {
	t.nodes = slices.Grow(t.nodes, n)
}

// A wakeup is the insertion of a sequence: the events of v, then last.
type wakeup struct {
	x       *Explorer
	v       []int32
	last    event // without regard to its predecessors
	second  int32 // the index of last
	channel int32 // of its case, if it takes a certain one
	hasLast bool
}

// insert adds the sequence to a tree, unless one in there leads to the same.
func (w *wakeup) insert(list *int32) {
	t := &w.x.tree
	t.reserve(len(w.v) + 1)
	for *list != nothing {
		b := &t.nodes[*list]
		if !w.begins(b.thread) {
			list = &b.next
			continue
		}
		if b.child == nothing {
			return
		}
		w.remove(b.thread)
		list = &b.child
	}
	for _, i := range w.v {
		*list = t.new(&w.x.events[i])
		list = &t.nodes[*list].child
	}
	if w.hasLast {
		*list = t.new(&w.last)
	}
}

// begins reports whether the sequence has a step of q and could begin with it:
// no event before it in the sequence must precede it.
func (w *wakeup) begins(q int32) bool {
	for k, i := range w.v {
		if w.x.events[i].thread != q {
			continue
		}
		for _, j := range w.v[:k] {
			if w.x.after(i, j) {
				return false
			}
		}
		return true
	}
	return w.hasLast && w.last.thread == q && !w.lastDepends()
}

// lastDepends reports whether the last event must come after one of v, if v has
// no event of its thread.
func (w *wakeup) lastDepends() bool {
	for _, i := range w.v {
		if w.last.code.multi() {
			if w.x.dependsAtWorst(w.second, w.channel, i) {
				return true
			}
		} else if e := &w.x.events[i]; e.obj == w.last.obj && conflict(e.kind, w.last.kind) {
			return true
		}
	}
	return false
}

// remove removes the first step of q from the sequence.
func (w *wakeup) remove(q int32) {
	for k, i := range w.v {
		if w.x.events[i].thread == q {
			w.v = slices.Delete(w.v, k, k+1)
			return
		}
	}
	w.hasLast = false
}
