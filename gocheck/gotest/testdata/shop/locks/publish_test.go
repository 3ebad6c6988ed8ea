package locks

import (
	"sync"
	"sync/atomic"
	"testing"
)

type price struct{ cents int }

// sell has one goroutine publish a price, and another one read it.
func sell(t *testing.T, publish func(*atomic.Pointer[price])) {
	var p atomic.Pointer[price]
	var wg sync.WaitGroup
	wg.Go(func() { publish(&p) })
	if now := p.Load(); now != nil && now.cents != 5 {
		t.Error(now.cents)
	}
	wg.Wait()
}

func TestRightPrice(t *testing.T) {
	sell(t, func(p *atomic.Pointer[price]) {
		next := new(price)
		next.cents = 5
		p.Store(next)
	})
}

func TestRightPriceBySwap(t *testing.T) {
	sell(t, func(p *atomic.Pointer[price]) {
		next := new(price)
		next.cents = 5
		if p.Swap(next) != nil {
			t.Error("there was a price")
		}
	})
}

func TestWrongPriceLate(t *testing.T) {
	sell(t, func(p *atomic.Pointer[price]) {
		next := new(price)
		p.Store(next)
		next.cents = 5
	})
}

type node struct{ next *node }

// stack pushes two nodes at once, and counts them.
func stack(t *testing.T, push func(*atomic.Pointer[node], *node)) {
	var top atomic.Pointer[node]
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { push(&top, new(node)) })
	}
	wg.Wait()
	n := 0
	for p := top.Load(); p != nil; p = p.next {
		n++
	}
	if n != 2 {
		t.Errorf("%d nodes", n)
	}
}

func TestRightPush(t *testing.T) {
	stack(t, func(top *atomic.Pointer[node], n *node) {
		for {
			n.next = top.Load()
			if top.CompareAndSwap(n.next, n) {
				return
			}
		}
	})
}

func TestWrongPush(t *testing.T) {
	stack(t, func(top *atomic.Pointer[node], n *node) {
		n.next = top.Load()
		top.Store(n)
	})
}
