package percpu

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"crosscall"
)

// The tests of this file are small enough for gotest to run them in every interleaving. Their System
// is a oneCPU, because a real one depends on the machine.

// oneCPU stands for a System that has only CPU 0. The holder of running is on the CPU,
// and the holder of hotplug may take it offline or online.
type oneCPU struct {
	crosscall.Caller // nil: these tests use no other method
	running, hotplug sync.Mutex
	offline          bool // changed under both
	cpu              crosscall.CPU
}

func (o *oneCPU) Call(_ context.Context, _ int, fn func(*crosscall.CPU)) error {
	o.running.Lock()
	defer o.running.Unlock()
	if o.offline {
		return crosscall.ErrOffline
	}
	fn(&o.cpu)
	return nil
}

// Stop keeps the CPU from coming back. There is no other CPU for fn to run on.
func (o *oneCPU) Stop(_ context.Context, fn func(*crosscall.CPU)) error {
	o.hotplug.Lock()
	defer o.hotplug.Unlock()
	o.running.Lock()
	defer o.running.Unlock()
	fn(&o.cpu)
	return nil
}

func (o *oneCPU) set(offline bool) {
	o.hotplug.Lock()
	defer o.hotplug.Unlock()
	o.running.Lock()
	defer o.running.Unlock()
	o.offline = offline
}

func valueOfOne[T any]() *Value[T] { return &Value[T]{slots: []*slot[T]{new(slot[T])}} }

// looks is a count after which AddAny checks whether another goroutine uses its stripe.
const looks = 34

// Sums only grow, and the last one has all adds, by the CPU and by goroutines that share a
// stripe.
func TestSumBesideAdds(t *testing.T) {
	o := new(oneCPU)
	k := &Counter{valueOfOne[int64](), make(stripes[atomic.Int64], 1)}
	var adders sync.WaitGroup
	adders.Go(func() { k.AddAny(looks) })
	adders.Go(func() { _ = o.Call(t.Context(), 0, func(c *crosscall.CPU) { k.Add(c, 2); k.AddAny(4) }) })
	first := sumOf(t, k, o)
	if second := sumOf(t, k, o); second < first {
		t.Errorf("Sum is %d after %d", second, first)
	}
	adders.Wait()
	if sum := sumOf(t, k, o); sum != looks+6 {
		t.Errorf("Sum is %d, want %d", sum, looks+6)
	}
}

func sumOf(t *testing.T, k *Counter, o *oneCPU) int64 {
	t.Helper()
	n, err := k.Sum(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Goroutines that choose one shard use it one after the other; Each sees all or nothing of a Do.
func TestShardedOneShard(t *testing.T) {
	s := &Sharded[[2]int]{make(stripes[shard[[2]int]], 1)}
	var users sync.WaitGroup
	for range 2 {
		users.Go(func() { s.Do(func(v *[2]int) { v[0]++; v[1]++ }) })
	}
	s.Each(func(v *[2]int) {
		if v[0] != v[1] {
			t.Errorf("Each saw half of a Do: %v", *v)
		}
	})
	users.Wait()
	s.Each(func(v *[2]int) {
		if *v != [2]int{2, 2} {
			t.Errorf("two Do have left %v", *v)
		}
	})
}

// A CPU goes offline and online while its value is visited: the visit is made once, and no other
// function uses the value at that time.
func TestEachBesideHotplug(t *testing.T) {
	o := new(oneCPU)
	v := valueOfOne[int]()
	var other sync.WaitGroup
	other.Go(func() {
		o.set(true)
		o.set(false)
		_ = o.Call(t.Context(), 0, func(c *crosscall.CPU) { *v.On(c) += 10 })
	})
	visits := 0
	err := v.Each(t.Context(), o, func(cpu int, n *int) { visits++; *n++ })
	if err != nil || visits != 1 {
		t.Errorf("%d visits, %v", visits, err)
	}
	other.Wait()
	for _, n := range v.All() {
		if *n != 11 {
			t.Errorf("the value is %d, want 11", *n)
		}
	}
}
