// Package importer reads rows in one goroutine and stores them in another.
package importer

import "errors"

var errRow = errors.New("bad row")

func rowsBroken(n int, _ <-chan bool) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			out <- i // BUG leak: the consumer stopped at a bad row and receives no more
		}
	}()
	return out
}

// rowsFixed stops when the consumer has left.
func rowsFixed(n int, left <-chan bool) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := range n {
			select {
			case out <- i:
			case <-left:
				return
			}
		}
	}()
	return out
}

// store returns at the first row that it cannot store.
func store(rows func(int, <-chan bool) <-chan int, n, bad int) error {
	left := make(chan bool)
	defer close(left)
	for i := range rows(n, left) {
		if i == bad {
			return errRow
		}
	}
	return nil
}
