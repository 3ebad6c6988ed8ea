package long

import "sync/atomic"

type node struct {
	value int
	next  *node
}

// A stack is Treiber's.
type stack struct{ top atomic.Pointer[node] }

func (s *stack) push(v int) {
	n := &node{value: v}
	for {
		n.next = s.top.Load()
		if s.top.CompareAndSwap(n.next, n) {
			return
		}
	}
}

func (s *stack) pop() (v int, ok bool) {
	for {
		n := s.top.Load()
		if n == nil {
			return 0, false
		}
		if s.top.CompareAndSwap(n, n.next) {
			return n.value, true
		}
	}
}
