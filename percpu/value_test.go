package percpu_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"

	"crosscall"
	"crosscall/cpumask"
	"crosscall/percpu"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// open opens a System of virtual CPUs, so that the tests are the same on any
// machine.
func open(t testing.TB, cpus cpumask.Mask) *crosscall.System {
	t.Helper()
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpus, Virtual: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, sys.Close()) })
	return sys
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnIsTheOwnersValue(t *testing.T) {
	cpus := cpumask.Of(0, 3, 70)
	sys := open(t, cpus)
	v := percpu.New[int](sys)
	for range 3 {
		must(t, sys.CallEvery(t.Context(), func(c *crosscall.CPU) { *v.On(c) += 10 + c.ID() }))
	}
	got := make(map[int]int)
	must(t, v.Each(t.Context(), sys, func(cpu int, n *int) { got[cpu] = *n }))
	for cpu := range cpus.All() {
		if want := 3 * (10 + cpu); got[cpu] != want {
			t.Errorf("CPU %d holds %d, want %d", cpu, got[cpu], want)
		}
	}
	if len(got) != cpus.Weight() {
		t.Errorf("values %v, want those of CPUs %v", got, cpus)
	}
}

func TestEachGoesInOrderFromAnyCaller(t *testing.T) {
	sys := open(t, cpumask.Of(1, 2, 5, 64))
	want := []int{1, 2, 5, 64}
	v := percpu.New[struct{}](sys)
	check := func(from crosscall.Caller) {
		var seen []int
		err := v.Each(t.Context(), from, func(cpu int, _ *struct{}) { seen = append(seen, cpu) })
		if err != nil || !slices.Equal(seen, want) {
			t.Errorf("Each from %T visited %v, %v, want %v", from, seen, err, want)
		}
	}
	check(sys)
	must(t, sys.Call(t.Context(), 2, func(c *crosscall.CPU) {
		check(c)
		must(t, c.Call(t.Context(), 64, func(c *crosscall.CPU) { check(c) }))
	}))
	must(t, sys.Offline(t.Context(), 1))
	want = []int{2, 5, 64, 1}
	check(sys)
	must(t, sys.Call(t.Context(), 2, func(c *crosscall.CPU) { check(c) }))
}

func TestEachRunsOnTheOwnerUnlessItIsOffline(t *testing.T) {
	sys := open(t, cpumask.Range(0, 2))
	must(t, sys.Offline(t.Context(), 1))
	v := percpu.New[int](sys)
	must(t, sys.CallEvery(t.Context(), func(c *crosscall.CPU) { *v.On(c) = 7 }))
	var seen []int
	must(t, v.Each(t.Context(), sys, func(_ int, n *int) { seen = append(seen, *n) }))
	if want := []int{7, 7, 0}; !slices.Equal(seen, want) {
		t.Errorf("saw %v, want %v: CPU 1 is offline and comes last", seen, want)
	}
}

// A value is kept while its CPU is offline, and the writes of Each meanwhile
// are there when the CPU is online again.
func TestOfflineCPUKeepsItsValue(t *testing.T) {
	sys := open(t, cpumask.Range(0, 1))
	v := percpu.New[int](sys)
	must(t, sys.Call(t.Context(), 1, func(c *crosscall.CPU) { *v.On(c) = 40 }))
	must(t, sys.Offline(t.Context(), 1))
	must(t, v.Each(t.Context(), sys, func(cpu int, n *int) { *n += cpu + 1 }))
	must(t, sys.Online(t.Context(), 1))
	must(t, sys.Call(t.Context(), 1, func(c *crosscall.CPU) {
		if n := *v.On(c); n != 42 {
			t.Errorf("CPU 1 is back with %d, want 42", n)
		}
	}))
}

// A CPU cannot go online, and run, while its value is visited from another.
func TestOnlineWaitsForTheVisit(t *testing.T) {
	sys := open(t, cpumask.Range(0, 1))
	v := percpu.New[int](sys)
	must(t, sys.Offline(t.Context(), 1))
	back := make(chan error, 1)
	must(t, v.Each(t.Context(), sys, func(cpu int, _ *int) {
		if cpu != 1 {
			return
		}
		go func() { back <- sys.Online(t.Context(), 1) }()
		select {
		case err := <-back:
			t.Errorf("CPU 1 came back (%v) during the visit", err)
			back <- err
		case <-time.After(10 * time.Millisecond):
		}
	}))
	must(t, <-back)
}

// While CPUs go offline and online under posts, no visit is lost or made twice,
// and the race detector sees no two users of a value at a time.
func TestEachUnderHotplug(t *testing.T) {
	const cpus, rounds = 3, 200
	sys := open(t, cpumask.Range(0, cpus-1))
	v := percpu.New[int](sys)
	var others sync.WaitGroup
	others.Go(func() {
		for i := range rounds {
			must(t, sys.Offline(t.Context(), 1+i%2))
			must(t, sys.Online(t.Context(), 1+i%2))
		}
	})
	posted := 0
	others.Go(func() {
		for i := range 20 * rounds {
			switch err := sys.Post(i%cpus, func(c *crosscall.CPU) { *v.On(c)++ }); {
			case err == nil:
				posted++
			case !errors.Is(err, crosscall.ErrOffline):
				t.Error(err)
			}
		}
	})
	taken := 0
	take := func() {
		visits := make(map[int]int)
		must(t, v.Each(t.Context(), sys, func(cpu int, n *int) {
			visits[cpu]++
			taken += *n
			*n = 0
		}))
		if want := map[int]int{0: 1, 1: 1, 2: 1}; !mapsEqual(visits, want) {
			t.Fatalf("visits by CPU %v, want %v", visits, want)
		}
	}
	for range rounds {
		take()
	}
	others.Wait()
	take()
	if taken != posted {
		t.Errorf("took %d, want the %d that were posted", taken, posted)
	}
}

func mapsEqual(a, b map[int]int) bool {
	for k := range b {
		if a[k] != b[k] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestEachEndsAtAPanic(t *testing.T) {
	sys := open(t, cpumask.Range(0, 3))
	must(t, sys.Offline(t.Context(), 3))
	v := percpu.New[int](sys)
	// If this error were the call's own, it would mean that fn has not run.
	reason := crosscall.ErrOffline
	var seen []int
	err := v.Each(t.Context(), sys, func(cpu int, _ *int) {
		seen = append(seen, cpu)
		if cpu == 1 {
			panic(reason)
		}
	})
	var p *crosscall.PanicError
	if !errors.As(err, &p) || p.CPU != 1 || p.Value != reason {
		t.Errorf("Each returned %v, want the panic on CPU 1", err)
	}
	if want := []int{0, 1}; !slices.Equal(seen, want) {
		t.Errorf("visited %v, want %v", seen, want)
	}
}

func TestEachErrors(t *testing.T) {
	sys := open(t, cpumask.Range(0, 2))
	v := percpu.New[int](sys)
	nothing := func(int, *int) {}
	ended, end := context.WithCancel(t.Context())
	end()
	must(t, sys.Call(t.Context(), 0, func(*crosscall.CPU) {
		// This function is on CPU 0, so the call to it cannot complete before ctx is found
		// to have ended.
		other := make(chan error)
		go func() { other <- v.Each(ended, sys, nothing) }()
		if err := <-other; !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that has ended: %v", err)
		}
	}))
	must(t, sys.Stop(t.Context(), func(c *crosscall.CPU) {
		if err := v.Each(t.Context(), c, nothing); !errors.Is(err, crosscall.ErrDeadlock) {
			t.Errorf("from within a Stop: %v", err)
		}
	}))
	must(t, sys.Close())
	if err := v.Each(t.Context(), sys, nothing); !errors.Is(err, crosscall.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestAllWhenNobodyRuns(t *testing.T) {
	sys := open(t, cpumask.Of(2, 4))
	v := percpu.New[map[string]int](sys)
	for _, m := range v.All() {
		*m = make(map[string]int)
	}
	must(t, sys.CallEvery(t.Context(), func(c *crosscall.CPU) { (*v.On(c))["id"] = c.ID() }))
	must(t, sys.Close())
	var ids []int
	for cpu, m := range v.All() {
		ids = append(ids, cpu, (*m)["id"])
	}
	if want := []int{2, 2, 4, 4}; !slices.Equal(ids, want) {
		t.Errorf("CPUs and ids %v, want %v", ids, want)
	}
	for cpu := range v.All() {
		if cpu != 2 {
			t.Error("All goes on after the loop has ended")
		}
		break
	}
}

func TestForeignCPU(t *testing.T) {
	ours, foreign := open(t, cpumask.Range(0, 2)), open(t, cpumask.Range(0, 1))
	v := percpu.New[int](ours)
	var p *crosscall.PanicError
	err := foreign.Call(t.Context(), 1, func(c *crosscall.CPU) { *v.On(c) = 1 })
	if !errors.As(err, &p) {
		t.Errorf("On a CPU of another System: %v, want a panic", err)
	}
	err = v.Each(t.Context(), foreign, func(int, *int) { t.Error("Each by another System has visited a value") })
	if !errors.As(err, &p) {
		t.Errorf("Each by another System: %v, want a panic", err)
	}
}

// A System that has none of the value's CPUs fails every call as if they were
// offline; its Stop does not hold them.
func TestForeignStop(t *testing.T) {
	ours, foreign := open(t, cpumask.Range(0, 1)), open(t, cpumask.Of(9))
	v := percpu.New[int](ours)
	err := v.Each(t.Context(), foreign, func(int, *int) { t.Error("Each by another System has visited a value") })
	var p *crosscall.PanicError
	if !errors.As(err, &p) {
		t.Errorf("Each by another System: %v, want a panic", err)
	}
}

func TestNoSharedLines(t *testing.T) {
	sys := open(t, cpumask.Range(0, 63))
	var at []uintptr
	for _, b := range percpu.New[byte](sys).All() {
		at = append(at, uintptr(unsafe.Pointer(b)))
	}
	slices.Sort(at)
	for i := 1; i < len(at); i++ {
		if gap := at[i] - at[i-1]; gap < 128 {
			t.Errorf("two values are %d bytes apart", gap)
		}
	}
}
