// Package scanner checks files in parallel.
package scanner

import "sync"

// scanBroken skips Done for an empty file.
func scanBroken(sizes []int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for _, size := range sizes {
		wg.Add(1)
		go func() {
			if size == 0 {
				return
			}
			mu.Lock()
			sum += size
			mu.Unlock()
			wg.Done()
		}()
	}
	wg.Wait() // BUG deadlock: the goroutine of an empty file returns without Done
	return sum
}

// scanFixed defers Done.
func scanFixed(sizes []int) int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for _, size := range sizes {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if size == 0 {
				return
			}
			mu.Lock()
			sum += size
			mu.Unlock()
		}()
	}
	wg.Wait()
	return sum
}
