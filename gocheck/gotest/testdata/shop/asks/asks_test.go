// Package asks has tests that ask the runtime what exploration changes.
package asks

import (
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"weak"
)

// TestRightListens looks up a name, which goroutines of the standard library do.
func TestRightListens(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Skip(err)
	}
	l.Close()
}

// TestRightCounted waits until the goroutine has ended.
func TestRightCounted(t *testing.T) {
	before := runtime.NumGoroutine()
	done := make(chan bool)
	go func() { <-done }()
	if n := runtime.NumGoroutine(); n != before+1 {
		t.Errorf("%d goroutines, %d before", n, before)
	}
	close(done)
	for runtime.NumGoroutine() > before {
		time.Sleep(time.Millisecond)
	}
}

// TestWrongCounted takes a goroutine that has sent for one that has ended.
func TestWrongCounted(t *testing.T) {
	before := runtime.NumGoroutine()
	done := make(chan bool, 1)
	go func() { done <- true }()
	<-done
	if n := runtime.NumGoroutine(); n != before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}

func waiter(c chan bool, wg *sync.WaitGroup) {
	wg.Done()
	<-c
}

func all() []string {
	buf := make([]byte, 1<<16)
	return strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
}

func waiting(stacks []string, function, state string) (n int) {
	for _, s := range stacks {
		if strings.Contains(s, function) && strings.Contains(s, "["+state+"]:\n") {
			n++
		}
	}
	return n
}

// TestRightStacks finds the goroutines that wait, the one that asks, and no other
// but the one that waits for the test.
func TestRightStacks(t *testing.T) {
	c := make(chan bool)
	var wg sync.WaitGroup
	wg.Add(2)
	go waiter(c, &wg)
	go waiter(c, &wg)
	wg.Wait()
	stacks := all()
	for waiting(stacks, "asks.waiter(", "chan receive") < 2 {
		time.Sleep(time.Millisecond)
		stacks = all()
	}
	if len(stacks) != 4 || !strings.HasPrefix(stacks[1], "goroutine 1 [chan receive]:\ntesting.(*T).Run(") {
		t.Errorf("stacks: %q", stacks)
	}
	if own := stacks[0]; !strings.Contains(own, " [running]:\nexample.com/shop/asks.all(") || !strings.Contains(own, "\ncreated by testing.(*T).Run in goroutine 1\n") {
		t.Errorf("own stack: %s", own)
	}
	if s := stacks[2]; !strings.Contains(s, "\ncreated by example.com/shop/asks.TestRightStacks in goroutine ") || strings.Contains(s, "crosscall") {
		t.Errorf("stack: %s", s)
	}
	close(c)
}

// TestRightPool: values survive one collection, not two.
func TestRightPool(t *testing.T) {
	var p sync.Pool
	p.Put(1)
	runtime.GC()
	if p.Get() != 1 {
		t.Error("lost too early")
	}
	p.Put(1)
	runtime.GC()
	runtime.GC()
	if p.Get() != nil {
		t.Error("kept too long")
	}
}

var sink []byte

func TestUnexploredAllocs(t *testing.T) {
	var mu sync.Mutex
	if n := testing.AllocsPerRun(10, func() { mu.Lock(); mu.Unlock(); sink = make([]byte, 100) }); n != 1 {
		t.Errorf("%v allocations", n)
	}
}

// TestRightStats looks at the statistics, and does not depend on them.
func TestRightStats(t *testing.T) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Log(m.Mallocs)
}

// TestWrongBesideStats has a race, whatever the statistics say.
func TestWrongBesideStats(t *testing.T) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	n := 0
	go func() { n++ }()
	n++
}

func TestUnexploredFinalizer(t *testing.T) {
	done := make(chan bool)
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) { close(done) })
	runtime.GC()
	select {
	case <-done:
	case <-time.After(time.Second):
		t.Error("no finalizer has run")
	}
}

func TestUnexploredWeak(t *testing.T) {
	p := weak.Make(new([64]byte))
	runtime.GC()
	if p.Value() != nil {
		t.Error("the value is kept")
	}
}

func TestUnexploredBenchmark(t *testing.T) {
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			sink = make([]byte, 10)
		}
	})
	if r.N == 0 {
		t.Error("nothing was run")
	}
}
