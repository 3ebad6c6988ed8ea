package stack

import (
	"sync"
	"testing"
)

func popAndReuse(t *testing.T, s *stack) {
	var a, b int32
	var wg sync.WaitGroup
	wg.Go(func() { a = s.pop() })
	wg.Go(func() {
		first := s.pop()
		b = s.pop()
		s.push(first)
	})
	wg.Wait()
	owned := map[int32]bool{a: true, b: true}
	for c := s.pop(); c != none; c = s.pop() {
		if owned[c] {
			t.Fatalf("cell %d has two owners", c) // BUG assertion: the head was taken and pushed again beside a pop, which took the old next
		}
		owned[c] = true
	}
}

func TestBroken(t *testing.T) { popAndReuse(t, newBroken()) }
func TestFixed(t *testing.T)  { popAndReuse(t, newFixed()) }
