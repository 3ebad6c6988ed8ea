// Package speed has the program that is explored in both ways for comparison.
package speed

import (
	"sync"
	"testing"
)

func TestStack(t *testing.T) {
	s := &stack{}
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Add(1)
		go func() {
			s.push(i)
			s.pop()
			wg.Done()
		}()
	}
	wg.Wait()
}
