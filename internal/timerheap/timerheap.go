// Package timerheap orders events by time: a 4-ary heap whose nodes know their
// place in it and so can be removed. It has no locks and no clock.
package timerheap

// Node is one entry of a Heap. The zero value with a Value is ready to Add.
type Node[T any] struct {
	Value T

	when int64
	seq  uint64
	pos  int // in the heap, from 1; 0: not in one
}

// When is the time that the node was last added for.
func (n *Node[T]) When() int64 { return n.when }

// Added reports whether the node is in a heap.
func (n *Node[T]) Added() bool { return n.pos != 0 }

// Heap has the node with the least time on top; of nodes with the same time, the
// one that was added first. The zero value is an empty heap.
type Heap[T any] struct {
	nodes []*Node[T]
	seq   uint64
}

const arity = 4

// Len is the number of nodes.
func (h *Heap[T]) Len() int { return len(h.nodes) }

// Min is the node on top, nil if there is none.
func (h *Heap[T]) Min() *Node[T] {
	if len(h.nodes) == 0 {
		return nil
	}
	return h.nodes[0]
}

// Add adds n, which must not be in a heap, with a time.
func (h *Heap[T]) Add(n *Node[T], when int64) {
	if n.pos != 0 {
		panic("timerheap: the node is in a heap")
	}
	h.seq++
	n.when, n.seq = when, h.seq
	h.nodes = append(h.nodes, n)
	h.up(n, len(h.nodes)-1)
}

// Remove removes n. It returns false if n was not in the heap.
func (h *Heap[T]) Remove(n *Node[T]) bool {
	if n.pos == 0 {
		return false
	}
	i, end := n.pos-1, len(h.nodes)-1
	last := h.nodes[end]
	h.nodes[end] = nil
	h.nodes = h.nodes[:end]
	n.pos = 0
	if last == n {
		return true
	}
	if i > 0 && last.before(h.nodes[(i-1)/arity]) {
		h.up(last, i)
	} else {
		h.down(last, i)
	}
	return true
}

func (n *Node[T]) before(m *Node[T]) bool {
	return n.when < m.when || n.when == m.when && n.seq < m.seq
}

// up places n at i or, as long as it is before its parent, above.
func (h *Heap[T]) up(n *Node[T], i int) {
	for i > 0 {
		parent := (i - 1) / arity
		if !n.before(h.nodes[parent]) {
			break
		}
		h.place(h.nodes[parent], i)
		i = parent
	}
	h.place(n, i)
}

// down places n at i or, as long as a child is before it, below.
func (h *Heap[T]) down(n *Node[T], i int) {
	for {
		child := h.least(i)
		if child == 0 || !h.nodes[child].before(n) {
			break
		}
		h.place(h.nodes[child], i)
		i = child
	}
	h.place(n, i)
}

// least is the child of i that is before the others; 0: there is none.
func (h *Heap[T]) least(i int) int {
	first := arity*i + 1
	if first >= len(h.nodes) {
		return 0
	}
	best := first
	for c := first + 1; c < min(first+arity, len(h.nodes)); c++ {
		if h.nodes[c].before(h.nodes[best]) {
			best = c
		}
	}
	return best
}

func (h *Heap[T]) place(n *Node[T], i int) {
	h.nodes[i] = n
	n.pos = i + 1
}
