// Package stack is a stack of cells without locks; cells are used again.
package stack

import "sync/atomic"

const none = -1

// head is the index of the first cell and, in the upper half, a count of changes.
type stack struct {
	head  atomic.Int64
	next  [3]atomic.Int32
	count int64
}

// newStack has the cells 0, 1 and 2; with count 1 each change is counted.
func newStack(count int64) *stack {
	s := &stack{count: count}
	for i := range s.next {
		s.next[i].Store(int32(i) + 1)
	}
	s.next[len(s.next)-1].Store(none)
	return s
}

func newBroken() *stack { return newStack(0) }
func newFixed() *stack  { return newStack(1) }

func (s *stack) swap(old int64, to int32) bool {
	count := old>>32 + s.count
	return s.head.CompareAndSwap(old, count<<32|int64(uint32(to)))
}

func (s *stack) pop() int32 {
	for {
		old := s.head.Load()
		first := int32(old)
		if first == none || s.swap(old, s.next[first].Load()) {
			return first
		}
	}
}

func (s *stack) push(cell int32) {
	for {
		old := s.head.Load()
		s.next[cell].Store(int32(old))
		if s.swap(old, cell) {
			return
		}
	}
}
