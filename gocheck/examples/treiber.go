package examples

import "crosscall/gocheck/atomic"

// A Node is an element of a Stack. A goroutine that has popped it may push it
// again, as an allocator's free list does.
type Node struct {
	Name string
	next atomic.Pointer[Node]
}

// A Stack is Treiber's, and has the ABA bug. Between the Load and the
// CompareAndSwap of a Pop, others may pop the top and the node below it, and
// push the top back. The CompareAndSwap then succeeds with an old next: the node
// below, which has another owner by now, becomes the top.
type Stack struct{ top atomic.Pointer[Node] }

// Push puts n on top.
func (s *Stack) Push(n *Node) {
	for {
		top := s.top.Load()
		n.next.Store(top)
		if s.top.CompareAndSwap(top, n) {
			return
		}
	}
}

// Pop takes the top off; nil if there is none.
func (s *Stack) Pop() *Node {
	for {
		top := s.top.Load()
		if top == nil {
			return nil
		}
		if s.top.CompareAndSwap(top, top.next.Load()) {
			return top
		}
	}
}

// A TaggedStack does not have the bug: the compared word has a count of pops
// beside the top, so it differs when the same node is on top again. Nodes are
// numbers from 1 so that both fit.
type TaggedStack struct {
	top  atomic.Uint64 // the number in the lower half, the count in the upper
	next []atomic.Uint32
}

const count = 1 << 32

// NewTaggedStack makes a stack for nodes 1 to n.
func NewTaggedStack(n int) *TaggedStack {
	return &TaggedStack{next: make([]atomic.Uint32, n+1)}
}

// Push puts node n on top.
func (s *TaggedStack) Push(n uint32) {
	for {
		top := s.top.Load()
		s.next[n].Store(uint32(top))
		if s.top.CompareAndSwap(top, top&^(count-1)|uint64(n)) {
			return
		}
	}
}

// Pop takes the top off; 0 if there is none.
func (s *TaggedStack) Pop() uint32 {
	for {
		top := s.top.Load()
		n := uint32(top)
		if n == 0 {
			return 0
		}
		next := uint64(s.next[n].Load())
		if s.top.CompareAndSwap(top, top&^(count-1)+count|next) {
			return n
		}
	}
}
