package crosscall_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"sync"
	"sync/atomic"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"
)

// open opens a System over the CPUs that this process may use: one or many.
func open() *crosscall.System {
	sys, err := crosscall.Open(crosscall.Options{})
	if err != nil {
		log.Fatal(err)
	}
	return sys
}

func ExampleSystem_Call() {
	sys := open()
	defer sys.Close()
	ctx := context.Background()
	online := sys.OnlineMask()
	cpu := online.First()

	// All before the call happens before the function, and the function before
	// the return: x needs no lock.
	x := 20
	err := sys.Call(ctx, cpu, func(c *crosscall.CPU) {
		x++
		// A function may call in turn, by its CPU; its own is one of those.
		err := c.CallEvery(ctx, func(d *crosscall.CPU) {
			if d.ID() == c.ID() {
				x *= 2
			}
		})
		if err != nil {
			log.Print(err)
		}
	})
	fmt.Println(x, err)

	// A panic is the caller's error; the CPU goes on.
	err = sys.Call(ctx, cpu, func(*crosscall.CPU) { panic("no such table") })
	var p *crosscall.PanicError
	fmt.Println(errors.As(err, &p) && p.CPU == cpu, p.Value)

	// A CPU that is not one of the System's is offline.
	err = sys.Call(ctx, cpumask.Max, func(*crosscall.CPU) {})
	fmt.Println(errors.Is(err, crosscall.ErrOffline))
	// Output:
	// 42 <nil>
	// true no such table
	// true
}

// Results come back by CPU, in their order.
func ExampleEvalMany() {
	sys := open()
	defer sys.Close()
	online := sys.OnlineMask()

	squares, err := crosscall.EvalMany(context.Background(), sys, &online,
		func(c *crosscall.CPU) int { return c.ID() * c.ID() })
	if err != nil {
		log.Print(err)
	}
	var answered cpumask.Mask
	for _, r := range squares {
		if r.Value != r.CPU*r.CPU {
			fmt.Println("wrong:", r)
		}
		answered.Set(r.CPU)
	}
	fmt.Println(answered == online)
	// Output: true
}

// A record is made once and posted many times without allocation. Here it
// notifies a CPU of changes: while it is in flight, further changes need no other
// notification.
func ExampleRecord() {
	sys := open()
	defer sys.Close()
	online := sys.OnlineMask()
	cpu := online.First()

	var posted, seen atomic.Int64
	looked := make(chan struct{}, 1)
	look := crosscall.NewRecord(func(*crosscall.CPU) {
		seen.Store(posted.Load())
		select {
		case looked <- struct{}{}:
		default:
		}
	})
	for range 1000 {
		posted.Add(1)
		// Not queued means that it is in flight: the pending run sees this change
		// too.
		if _, err := sys.QueueRecord(cpu, look); err != nil {
			log.Print(err)
		}
	}
	for seen.Load() < 1000 {
		<-looked
	}
	fmt.Println("seen", seen.Load())

	// PostRecord is for a record that carries another value each time: it fails
	// while the record is in flight.
	release := make(chan struct{})
	if err := sys.Post(cpu, func(*crosscall.CPU) { <-release }); err != nil {
		log.Print(err)
	}
	fmt.Println(sys.PostRecord(cpu, look))
	fmt.Println(sys.PostRecord(cpu, look))
	close(release)
	// Output:
	// seen 1000
	// <nil>
	// crosscall: busy
}

// Every function may read two words, and must never see only one of them changed.
// Writes are rare, so the readers pay nothing, and the writer stops them all.
func ExampleSystem_Stop() {
	sys := open()
	defer sys.Close()
	ctx := context.Background()

	var low, high int
	var torn atomic.Int64
	read := func(*crosscall.CPU) {
		if low != high {
			torn.Add(1)
		}
	}
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 10 {
			err := sys.Stop(ctx, func(*crosscall.CPU) {
				low++
				high++
			})
			if err != nil {
				log.Print(err)
			}
		}
	})
	for range 100 {
		if err := sys.CallEvery(ctx, read); err != nil {
			log.Print(err)
		}
	}
	writer.Wait()
	fmt.Println(low, high, "torn:", torn.Load())
	// Output: 10 10 torn: 0
}

// Each CPU counts in a line of its own. The total is rarely needed, and is computed
// by calls.
func Example_shardedCounter() {
	sys := open()
	defer sys.Close()
	ctx := context.Background()

	requests := percpu.NewCounter(sys)
	err := sys.CallEvery(ctx, func(c *crosscall.CPU) {
		for range 1000 {
			requests.Add(c, 1)
		}
	})
	if err != nil {
		log.Print(err)
	}
	total, err := requests.Sum(ctx, sys)
	if err != nil {
		log.Print(err)
	}
	online := sys.OnlineMask()
	fmt.Println(total == 1000*int64(online.Weight()))
	// Output: true
}

// config is read by all CPUs. Each caches a pointer to it.
type config struct {
	version   int
	reclaimed bool // stands for memory that is used for something else by now
}

// Every CPU caches its last read of a shared table. A writer of the table flushes
// the caches by CallEvery, as the kernel flushes TLBs. A function that waits
// meanwhile may still hold the entry that it took from the cache. After Fence no
// function holds it, and the old entry can be reclaimed.
func Example_cacheFlush() {
	sys := open()
	defer sys.Close()
	ctx := context.Background()

	var current atomic.Pointer[config]
	current.Store(&config{version: 1})
	cache := percpu.New[*config](sys)
	lookup := func(c *crosscall.CPU) *config {
		cached := cache.On(c)
		if *cached == nil {
			*cached = current.Load()
		}
		return *cached
	}

	// Functions that use the table, all the time. The Poll stands for any wait: the
	// flush may run there, while cfg is in use.
	var usedReclaimed atomic.Bool
	use := func(c *crosscall.CPU) {
		cfg := lookup(c)
		c.Poll()
		if cfg.reclaimed {
			usedReclaimed.Store(true)
		}
	}
	stop := make(chan struct{})
	var users sync.WaitGroup
	users.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := sys.CallEvery(ctx, use); err != nil {
				log.Print(err)
			}
		}
	})

	for range 10 {
		old := current.Swap(&config{version: current.Load().version + 1})
		if err := sys.CallEvery(ctx, func(c *crosscall.CPU) { *cache.On(c) = nil }); err != nil {
			log.Print(err)
		}
		// No function can find old any more.
		if err := sys.Fence(ctx); err != nil {
			log.Print(err)
		}
		// No function holds old any more.
		old.reclaimed = true
	}
	close(stop)
	users.Wait()

	stale := 0
	err := cache.Each(ctx, sys, func(_ int, cached **config) {
		if *cached != nil && *cached != current.Load() {
			stale++
		}
	})
	fmt.Println("version", current.Load().version, "stale", stale, "used after reclaim", usedReclaimed.Load(), err)
	// Output: version 11 stale 0 used after reclaim false <nil>
}

// runQueue is the pending work of one CPU.
type runQueue struct{ tasks []func(*crosscall.CPU) }

// A thread-per-core program: each CPU has a run queue that only it uses. Its
// idle function runs one task at a time, and calls from others are served in
// between. A call gives a CPU work, and also wakes it.
func Example_threadPerCore() {
	sys := open()
	defer sys.Close()
	possible := sys.PossibleMask()

	queues := percpu.New[runQueue](sys)
	runOne := func(c *crosscall.CPU) bool {
		q := queues.On(c)
		if len(q.tasks) == 0 {
			return false // may sleep
		}
		task := q.tasks[0]
		q.tasks = q.tasks[1:]
		task(c)
		return len(q.tasks) > 0
	}
	if err := sys.SetIdle(&possible, runOne); err != nil {
		log.Fatal(err)
	}
	spawn := func(from crosscall.Caller, cpu int, task func(*crosscall.CPU)) {
		err := from.Post(cpu, func(c *crosscall.CPU) {
			q := queues.On(c)
			q.tasks = append(q.tasks, task)
		})
		if err != nil {
			log.Print(err)
		}
	}

	// A token is passed around the CPUs, ten times to each.
	hops := 0 // only the task with the token uses it
	done := make(chan struct{})
	var pass func(c *crosscall.CPU)
	pass = func(c *crosscall.CPU) {
		if hops++; hops == 10*possible.Weight() {
			close(done)
			return
		}
		next := possible.Next(c.ID())
		if next < 0 {
			next = possible.First()
		}
		spawn(c, next, pass)
	}
	spawn(sys, possible.First(), pass)
	<-done
	fmt.Println("hops on each CPU:", hops/possible.Weight())
	// Output: hops on each CPU: 10
}

// A Func carries an argument and a result without allocating.
func ExampleNewFunc() {
	sys := open()
	defer sys.Close()

	type transfer struct {
		From, To string
		Amount   int
	}
	online := sys.OnlineMask()
	home := online.First()
	balance := map[string]int{"ada": 10} // only that CPU uses it
	move := crosscall.NewFunc(func(_ *crosscall.CPU, t transfer) bool {
		if balance[t.From] < t.Amount {
			return false
		}
		balance[t.From] -= t.Amount
		balance[t.To] += t.Amount
		return true
	})
	for range 2 {
		moved, err := move.Call(context.Background(), sys, home, transfer{"ada", "bob", 7})
		fmt.Println(moved, err)
	}
	// Output:
	// true <nil>
	// false <nil>
}
