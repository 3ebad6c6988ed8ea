package oven

import (
	"sync"
	"testing"
)

func twoCustomers(t *testing.T, take func(*oven) int) {
	o := newOven()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if left := take(o); left < 0 {
				t.Errorf("%d loaves are left", left) // BUG assertion: another customer took the loaf before the woken one had the lock
			}
		})
	}
	wg.Go(func() {
		o.bake()
		o.bake()
	})
	wg.Wait()
}

func TestBroken(t *testing.T) { twoCustomers(t, (*oven).takeBroken) }
func TestFixed(t *testing.T)  { twoCustomers(t, (*oven).takeFixed) }
