// Package exam marks papers; a marker gives up by Goexit.
package exam

import "runtime"

// mark ends its goroutine for an illegible paper.
func mark(paper string) int {
	if paper == "" {
		runtime.Goexit()
	}
	return len(paper)
}

// markAllBroken receives a mark of each paper.
func markAllBroken(papers []string) int {
	marks := make(chan int)
	for _, paper := range papers {
		go func() { marks <- mark(paper) }()
	}
	return sum(marks, len(papers))
}

// markAllFixed sends a mark of 0 when the marker gave up.
func markAllFixed(papers []string) int {
	marks := make(chan int)
	for _, paper := range papers {
		go func() {
			points := 0
			defer func() { marks <- points }()
			points = mark(paper)
		}()
	}
	return sum(marks, len(papers))
}

func sum(marks <-chan int, n int) int {
	total := 0
	for range n {
		total += <-marks // BUG deadlock: a marker ended by Goexit and sends no mark
	}
	return total
}
