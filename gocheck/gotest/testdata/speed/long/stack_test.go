// Package long has a test that takes long: 761,656 executions.
package long

import (
	"sync"
	"testing"
)

func TestStack(t *testing.T) {
	s := &stack{}
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			s.push(i)
			s.pop()
			if i > 1 {
				s.push(10 + i)
			}
		})
	}
	wg.Wait()
}
