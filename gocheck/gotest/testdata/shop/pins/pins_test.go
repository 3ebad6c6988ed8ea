package pins

import (
	"sync"
	"sync/atomic"
	"testing"
)

func both(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

func TestRightPins(t *testing.T) {
	c := newCounter()
	both(c.add, c.add)
	if n := c.sum(); n != 2 {
		t.Fatal(n)
	}
}

func TestRightSum(t *testing.T) {
	c := newCounter()
	both(c.addAtomic, func() {
		if n := c.sum(); n > 1 {
			t.Fatal(n)
		}
	})
}

func TestRacedSum(t *testing.T) {
	c := newCounter()
	both(c.add, func() { c.sum() })
}

// A goroutine that is not pinned runs beside one that is.
func TestWrongBesidePin(t *testing.T) {
	c := newCounter()
	both(func() {
		procPin()
		before := c.sum()
		if now := c.sum(); now != before {
			t.Errorf("%d, and then %d", before, now)
		}
		procUnpin()
	}, func() { atomic.AddInt64(&c.slots[0], 1) })
}

func TestRightNested(t *testing.T) {
	c := newCounter()
	nested := func() {
		procPin()
		n := c.slots[0]
		c.add()
		syncPin()
		c.slots[0] = n + 1
		syncUnpin()
		procUnpin()
	}
	both(nested, nested)
	if n := c.sum(); n != 2 {
		t.Fatal(n)
	}
}

// While it is pinned, a goroutine may use what is explored.
func TestRightWithin(t *testing.T) {
	var p sync.Pool
	var mu sync.Mutex
	ch := make(chan int, 2)
	within := func() {
		procPin()
		p.Put(1)
		mu.Lock()
		ch <- p.Get().(int)
		mu.Unlock()
		procUnpin()
	}
	within()
	within()
	if n := <-ch + <-ch; n != 2 {
		t.Fatal(n)
	}
}

func TestWrongUnpin(t *testing.T) {
	both(procUnpin, func() { procPin(); procUnpin() })
}

// A test that fails while it is pinned ends like any other.
func TestWrongPinned(t *testing.T) {
	procPin()
	t.Fatal("pinned")
}

// Another goroutine would have to be pinned at the same time.
func TestWrongAwait(t *testing.T) {
	c := make(chan int)
	both(func() { procPin(); <-c; procUnpin() }, func() { procPin(); c <- 1; procUnpin() })
}
