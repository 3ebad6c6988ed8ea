// Package batches works through a list in batches, each in parallel.
package batches

import "sync"

// runBroken adds the whole list to the group and waits after its first item.
func runBroken(items []func()) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		go func() {
			defer wg.Done()
			item()
		}()
		wg.Wait() // BUG deadlock: Wait within the loop waits for items that have not been started
	}
}

// runFixed waits after the loop.
func runFixed(items []func()) {
	var wg sync.WaitGroup
	wg.Add(len(items))
	for _, item := range items {
		go func() {
			defer wg.Done()
			item()
		}()
	}
	wg.Wait()
}
