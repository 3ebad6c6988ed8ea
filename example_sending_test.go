package crosscall_test

import (
	"context"
	"fmt"
	"sync/atomic"

	"crosscall"
	"crosscall/cpumask"
)

// openTwo opens a System of two CPUs, wherever this runs.
func openTwo() *crosscall.System {
	sys, err := crosscall.Open(crosscall.Options{Virtual: true, CPUs: cpumask.Range(0, 1)})
	if err != nil {
		panic(err)
	}
	return sys
}

func ExampleHandle() {
	sys := openTwo()
	defer sys.Close()
	ctx := context.Background()
	var sums [2]int
	var handles [2]*crosscall.Handle
	for cpu := range sums { // the two run at the same time
		h, err := sys.Async(cpu, func(*crosscall.CPU) {
			for n := range 100 {
				sums[cpu] += n
			}
		})
		if err != nil {
			panic(err)
		}
		handles[cpu] = h
	}
	for _, h := range handles {
		if err := h.Wait(ctx); err != nil {
			panic(err)
		}
	}
	fmt.Println(sums[0] + sums[1])
	// Output: 9900
}

func ExampleCPU_CallThen() {
	sys := openTwo()
	defer sys.Close()
	store := map[string]int{"apples": 3} // CPU 1's
	replies := make(chan string, 1)
	err := sys.Post(0, func(c *crosscall.CPU) {
		var value int
		err := c.CallThen(1, func(*crosscall.CPU) { value = store["apples"] }, func(c *crosscall.CPU, err error) {
			replies <- fmt.Sprint("CPU ", c.ID(), " replies ", value, " ", err)
		})
		if err != nil {
			replies <- err.Error()
		}
	})
	fmt.Println(err, <-replies)
	// Output: <nil> CPU 0 replies 3 <nil>
}

func ExampleBatch() {
	sys := openTwo()
	defer sys.Close()
	var shards [2]map[string]int
	for cpu := range shards {
		shards[cpu] = make(map[string]int)
	}
	owner := func(key string) int { return len(key) % 2 }
	b := crosscall.NewBatch(sys)
	for _, key := range []string{"a", "bb", "a", "ccc", "bb", "a"} {
		b.Add(owner(key), func(c *crosscall.CPU) { shards[c.ID()][key]++ })
	}
	err := b.Call(context.Background()) // two messages
	fmt.Println(shards[0], shards[1], err)
	// Output: map[bb:2] map[a:3 ccc:1] <nil>
}

func ExampleCPU_NeedPreempt() {
	sys := openTwo()
	defer sys.Close()
	done := make(chan struct{})
	n := 0
	var compact func(c *crosscall.CPU)
	compact = func(c *crosscall.CPU) {
		for ; n < 1_000_000; n++ {
			if n%16 == 0 && c.NeedPreempt() && c.PostBackground(c.ID(), compact) == nil {
				return
			}
		}
		close(done)
	}
	err := sys.PostBackground(1, compact)
	_ = sys.Call(context.Background(), 1, func(*crosscall.CPU) {}) // it need not wait for all posts
	<-done
	fmt.Println(n, err)
	// Output: 1000000 <nil>
}

func ExampleSystem_AfterFence() {
	sys := openTwo()
	type table struct{ limit int }
	var current atomic.Pointer[table]
	current.Store(&table{limit: 10})
	for cpu := range 2 { // readers take no lock
		_ = sys.Post(cpu, func(*crosscall.CPU) { _ = current.Load().limit })
	}
	old := current.Swap(&table{limit: 20})
	err := sys.AfterFence(func(*crosscall.CPU) { old.limit = 0 }) // no reader has it any more
	_ = sys.Close()
	fmt.Println(old.limit, current.Load().limit, err)
	// Output: 0 20 <nil>
}
