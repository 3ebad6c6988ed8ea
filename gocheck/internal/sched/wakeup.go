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

// A wakeup is a sequence of this execution's events: those of v, then last.
type wakeup struct {
	exec      *execution
	reversals *reversals
	v         []int32
	last      event // without regard to its predecessors
	second    int32 // the index of last
	channel   int32 // of its case, if it takes a certain one
	hasLast   bool
}

func (w *wakeup) begins(q int32) bool {
	for k, i := range w.v {
		if w.exec.events[i].thread != q {
			continue
		}
		for _, j := range w.v[:k] {
			if w.exec.after(i, j) {
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
		if w.lastAfter(i) {
			return true
		}
	}
	return false
}

// lastAfter reports whether the last event must come after event i.
func (w *wakeup) lastAfter(i int32) bool {
	if w.last.code.multi() {
		return w.reversals.dependsAtWorst(w.second, w.channel, i)
	}
	e := &w.exec.events[i]
	return e.obj == w.last.obj && conflict(e.kind, w.last.kind)
}

func (w *wakeup) remove(q int32) {
	for k, i := range w.v {
		if w.exec.events[i].thread == q {
			w.v = slices.Delete(w.v, k, k+1)
			return
		}
	}
	w.hasLast = false
}

func (w *wakeup) steps(f func(thread, choice int32)) {
	for _, i := range w.v {
		f(w.exec.events[i].thread, w.exec.events[i].choice)
	}
	if w.hasLast {
		f(w.last.thread, w.last.choice)
	}
}

func (w *wakeup) len() int { return len(w.v) + 1 }
