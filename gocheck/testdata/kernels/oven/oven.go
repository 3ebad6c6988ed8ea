// Package oven bakes loaves that several customers wait for.
package oven

import "sync"

type oven struct {
	mu     sync.Mutex
	baked  *sync.Cond
	loaves int
}

func newOven() *oven {
	o := &oven{}
	o.baked = sync.NewCond(&o.mu)
	return o
}

func (o *oven) bake() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.loaves++
	o.baked.Signal()
}

// takeBroken trusts that there is a loaf when it wakes.
func (o *oven) takeBroken() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.loaves == 0 {
		o.baked.Wait()
	}
	o.loaves--
	return o.loaves
}

// takeFixed looks again.
func (o *oven) takeFixed() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.loaves == 0 {
		o.baked.Wait()
	}
	o.loaves--
	return o.loaves
}
