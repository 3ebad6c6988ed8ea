package state

import (
	"sync"
	"testing"
)

var once sync.Once

func TestRightState(t *testing.T) {
	if *verbose || len(seen) != 0 || total != 5 || names != nil || root.n != 7 || list[1] != 2 || len(queue) != 0 || started != 1 {
		t.Fatalf("left by another execution: %v %v %v %v %v %v %v", seen, total, names, root.n, list, len(queue), started)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range []string{"ann", "bob"} {
		wg.Go(func() {
			once.Do(func() { total++ })
			mu.Lock()
			defer mu.Unlock()
			seen[name]++
			names = append(names, name)
			root.n++
			list[1]++
			queue <- 1
		})
	}
	wg.Wait()
}

func TestRightHeap(t *testing.T) {
	ann := people["ak"]
	if len(people) != 100 || len(ann.friends) != 1 || ann.friends["next"].name != "ak" || *small != 0 {
		t.Fatalf("left by another execution: %d, %v, %d", len(people), ann.friends, *small)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			delete(people, "bl")
			ann.friends["next"] = people["cm"]
			ann.friends["none"] = nil
			*small = int16(i + 1)
		})
	}
	wg.Wait()
}

// TestRightInits: init runs when the program begins, and once for each of the random
// numbers that executions begin with.
func TestRightInits(t *testing.T) {
	if inits > 30 {
		t.Fatalf("init has run %d times", inits)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
		})
	}
	wg.Wait()
}

// TestRightZero: the same for objects that are zero at first.
func TestRightZero(t *testing.T) {
	other := spare.(*till)
	if _, there := deposits.Load("ann"); there || len(front.goods) != 0 || back.next != nil || cash.sum+other.sum+tills[1].sum+byPlace["door"].sum != 0 {
		t.Fatalf("left by another execution: %v, %v, %v, %v, %v, %v, %v", there, front, back, cash, other, tills[1], byPlace["door"])
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 3 {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			front.goods["tea"] = i
			back.next = front
			for _, c := range []*till{cash, other, tills[1], byPlace["door"]} {
				c.sum++
			}
			deposits.Store("ann", i)
		})
	}
	wg.Wait()
}
