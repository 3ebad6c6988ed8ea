// Package stack copies structures with pointers where the stack has to grow.
package stack

import (
	"sync"
	"testing"
)

type options struct {
	name *int
	f    func()
	m    map[string]int
	n    [6]*int
}

var opts options

// dirty leaves small numbers on the stack.
//
//go:noinline
func dirty() (sum int) {
	var a [48]int
	for i := range a {
		a[i] = 4
	}
	for i := range a {
		sum += a[i]
	}
	return sum
}

//go:noinline
func use(o *options) { o.n[0] = nil }

//go:noinline
func saved() int {
	o := opts
	use(&o)
	return 0
}

//go:noinline
func at(depth int) int {
	if depth == 0 {
		return dirty() + saved()
	}
	return at(depth-1) + 1
}

func TestRightGrows(t *testing.T) {
	for depth := range 150 {
		var wg sync.WaitGroup
		wg.Go(func() { at(depth) })
		wg.Wait()
	}
}
