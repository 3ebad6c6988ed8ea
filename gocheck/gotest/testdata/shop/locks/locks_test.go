package locks

import (
	"sync"
	"testing"
)

func both(f, g func()) {
	var wg sync.WaitGroup
	wg.Go(f)
	wg.Go(g)
	wg.Wait()
}

func TestRightMove(t *testing.T) {
	a, b := &account{money: 3}, &account{money: 4}
	both(func() { move(a, b, 1) }, func() { move(a, b, 2) })
	if a.money+b.money != 7 {
		t.Fatal(a.money, b.money)
	}
}

func TestWrongMove(t *testing.T) {
	a, b := &account{money: 3}, &account{money: 4}
	both(func() { move(a, b, 1) }, func() { move(b, a, 2) })
}

func TestRightMeter(t *testing.T) {
	var m meter
	both(m.right, m.right)
	if n := m.n.Load(); n != 2 {
		t.Fatalf("counted %d", n)
	}
}

func TestWrongMeter(t *testing.T) {
	var m meter
	both(m.wrong, m.wrong)
	if n := m.n.Load(); n != 2 {
		t.Fatalf("counted %d", n)
	}
}

func TestWrongPlain(t *testing.T) {
	n := 0
	both(func() { n++ }, func() { n++ })
}

func TestWrongMap(t *testing.T) {
	m := map[string]int{}
	both(func() { m["a"] = 1 }, func() { _ = m["b"] })
}

func TestWrongMapKeys(t *testing.T) {
	m := map[[3]int]int{}
	both(func() { m[[3]int{}] = 1 }, func() { _ = m[[3]int{1}] })
}

func TestWrongMapNumbers(t *testing.T) {
	m, n := map[int64]int{}, map[int32]int{1: 1}
	both(func() { m[1] = n[1] }, func() { _ = m[1] })
}

func TestWrongMapSmall(t *testing.T) {
	m := map[int32]int{}
	both(func() { m[1] = 1 }, func() { _ = m[1] })
}

func TestWrongMapFat(t *testing.T) {
	m := map[string][2000]byte{}
	both(func() { m["a"] = [2000]byte{} }, func() { _ = m["b"] })
}

func TestWrongMapFatOK(t *testing.T) {
	m := map[string][2000]byte{}
	both(func() { m["a"] = [2000]byte{} }, func() { _, _ = m["b"] })
}

func TestWrongCopy(t *testing.T) {
	buf := make([]byte, 4)
	both(func() { copy(buf, "abcd") }, func() { _ = string(buf) })
}

func TestWrongMixed(t *testing.T) {
	var m meter
	both(m.right, func() {
		c := *(*[8]byte)(m.bytes())
		_ = c
	})
}

func TestRightOnce(t *testing.T) {
	var c cache
	both(func() { c.get() }, func() { c.get() })
	if c.get() != 42 {
		t.Fatal(c.value)
	}
}

func TestRightSyncMap(t *testing.T) {
	var c cache
	both(func() { c.known.Store(1, "a") }, func() { c.known.LoadOrStore(1, "b") })
	if v, _ := c.known.Load(1); v != "a" && v != "b" {
		t.Fatal(v)
	}
	c.known.Range(func(k, v any) bool { return v != "" })
}

func TestWrongSyncMap(t *testing.T) {
	var c cache
	add := func() {
		n, _ := c.known.LoadOrStore("n", 0)
		c.known.Store("n", n.(int)+1)
	}
	both(add, add)
	if n, _ := c.known.Load("n"); n != 2 {
		t.Fatal(n)
	}
}

func TestRightCond(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	ready := false
	both(func() {
		mu.Lock()
		ready = true
		mu.Unlock()
		c.Signal()
	}, func() {
		mu.Lock()
		for !ready {
			c.Wait()
		}
		mu.Unlock()
	})
}

func TestWrongCond(t *testing.T) {
	var mu sync.Mutex
	c := sync.NewCond(&mu)
	both(c.Signal, func() {
		mu.Lock()
		c.Wait()
		mu.Unlock()
	})
}

func TestWrongUnlock(t *testing.T) {
	var mu sync.RWMutex
	mu.RLock()
	both(mu.RUnlock, mu.RUnlock)
}

func TestRightPool(t *testing.T) {
	p := sync.Pool{New: func() any { return new(int) }}
	both(func() { p.Put(new(int)) }, func() { *p.Get().(*int)++ })
}
