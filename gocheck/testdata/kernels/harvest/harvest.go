// Package harvest weighs fields in parallel.
package harvest

import "sync"

type harvest struct {
	fields sync.WaitGroup
	mu     sync.Mutex
	weight int
}

func (h *harvest) weigh(w int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.weight += w
}

func (h *harvest) join() { h.fields.Add(1) }

// totalBroken lets each goroutine add itself to the group.
func (h *harvest) totalBroken(weights []int) int {
	for _, w := range weights {
		go func() {
			h.join()
			defer h.fields.Done()
			h.weigh(w)
		}()
	}
	h.fields.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.weight
}

// totalFixed adds before it starts the goroutine.
func (h *harvest) totalFixed(weights []int) int {
	for _, w := range weights {
		h.join()
		go func() {
			defer h.fields.Done()
			h.weigh(w)
		}()
	}
	h.fields.Wait()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.weight
}
