// Package thumbnails shrinks pictures in parallel.
package thumbnails

import "sync"

// shrinkBroken waits for the workers before it receives what they send.
func shrinkBroken(widths []int) int {
	small := make(chan int)
	var wg sync.WaitGroup
	for _, w := range widths {
		wg.Go(func() { small <- w / 2 })
	}
	wg.Wait() // BUG deadlock: the workers wait for a receiver, who waits for the workers
	close(small)
	return total(small)
}

// shrinkFixed waits in a goroutine of its own.
func shrinkFixed(widths []int) int {
	small := make(chan int)
	var wg sync.WaitGroup
	for _, w := range widths {
		wg.Go(func() { small <- w / 2 })
	}
	go func() {
		wg.Wait()
		close(small)
	}()
	return total(small)
}

func total(widths <-chan int) int {
	sum := 0
	for w := range widths {
		sum += w
	}
	return sum
}
