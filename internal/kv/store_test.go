package kv

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"crosscall"
	"crosscall/cpumask"

	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// openVirtual opens a System of virtual CPUs, so that there are as many on any
// machine.
func openVirtual(t testing.TB, cpus cpumask.Mask) *crosscall.System {
	t.Helper()
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpus, Virtual: true})
	must(t, err)
	t.Cleanup(func() { must(t, sys.Close()) })
	return sys
}

// keyOf returns a key that cpu owns.
func keyOf(s *Store, cpu int) string {
	for i := 0; ; i++ {
		if key := fmt.Sprint("key ", i); s.owner(key) == cpu {
			return key
		}
	}
}

// twin is the store as one plain map, with the offline CPUs.
type twin struct {
	values map[string]string
	online cpumask.Mask
	owner  func(key string) int
}

func (w *twin) reachable(err error, key string) (yes, asExpected bool) {
	if w.online.Test(w.owner(key)) {
		return true, err == nil
	}
	return false, errors.Is(err, crosscall.ErrOffline)
}

// Any operations, from any caller, with CPUs that go offline and online,
// against the twin.
func TestStoreAgainstAMap(t *testing.T) {
	cpus := cpumask.Of(0, 1, 2, 66)
	sys := openVirtual(t, cpus)
	rapid.Check(t, func(t *rapid.T) {
		s := New(sys)
		want := twin{map[string]string{}, sys.OnlineMask(), s.owner}
		aKey := rapid.StringMatching(`[a-h]`)
		aCPU := rapid.SampledFrom([]int{0, 1, 2, 66})
		from := func(t *rapid.T, f func(crosscall.Caller)) {
			cpu := aCPU.Draw(t, "from")
			if rapid.Bool().Draw(t, "goroutine") || !want.online.Test(cpu) {
				f(sys)
				return
			}
			if err := sys.Call(t.Context(), cpu, func(c *crosscall.CPU) { f(c) }); err != nil {
				t.Fatal(err)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"get": func(t *rapid.T) {
				key := aKey.Draw(t, "key")
				from(t, func(c crosscall.Caller) {
					value, ok, err := s.Get(c, key)
					there, asExpected := want.reachable(err, key)
					wantValue, wantOK := want.values[key]
					if !asExpected || there && (value != wantValue || ok != wantOK) {
						t.Errorf("get %q: %q, %v, %v; want %q, %v", key, value, ok, err, wantValue, wantOK)
					}
				})
			},
			"set": func(t *rapid.T) {
				key, value := aKey.Draw(t, "key"), rapid.String().Draw(t, "value")
				from(t, func(c crosscall.Caller) {
					err := s.Set(c, key, value)
					there, asExpected := want.reachable(err, key)
					if !asExpected {
						t.Errorf("set %q: %v", key, err)
					}
					if there {
						want.values[key] = value
					}
				})
			},
			"delete": func(t *rapid.T) {
				key := aKey.Draw(t, "key")
				from(t, func(c crosscall.Caller) {
					ok, err := s.Delete(c, key)
					there, asExpected := want.reachable(err, key)
					_, wantOK := want.values[key]
					if !asExpected || there && ok != wantOK {
						t.Errorf("delete %q: %v, %v; want %v", key, ok, err, wantOK)
					}
					if there {
						delete(want.values, key)
					}
				})
			},
			"len": func(t *rapid.T) {
				from(t, func(c crosscall.Caller) {
					if n, err := s.Len(c); err != nil || n != len(want.values) {
						t.Errorf("len: %d, %v; want %d", n, err, len(want.values))
					}
				})
			},
			"offline": func(t *rapid.T) {
				if cpu := aCPU.Draw(t, "cpu"); want.online.Test(cpu) && want.online.Weight() > 1 {
					want.online.Clear(cpu)
					if err := sys.Offline(t.Context(), cpu); err != nil {
						t.Fatal(err)
					}
				}
			},
			"online": func(t *rapid.T) {
				cpu := aCPU.Draw(t, "cpu")
				want.online.Set(cpu)
				if err := sys.Online(t.Context(), cpu); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}

// All CPUs use the store at once, so that each serves others during its own
// waits, and needs a second op there. A key that only one CPU writes always has
// that CPU's last value; the race detector checks the rest.
func TestStoreFromAllCPUsAtOnce(t *testing.T) {
	const cpus, rounds = 4, 2000
	sys := openVirtual(t, cpumask.Range(0, cpus-1))
	s := New(sys)
	must(t, sys.CallEvery(t.Context(), func(c *crosscall.CPU) {
		random := rand.New(rand.NewPCG(uint64(c.ID()), 0))
		mine := make(map[string]string)
		for i := range rounds {
			key := fmt.Sprintf("%d of CPU %d", random.IntN(20), c.ID())
			value := fmt.Sprint(i)
			if err := s.Set(c, key, value); err != nil {
				t.Error(err)
			}
			mine[key] = value
			key = fmt.Sprintf("%d of CPU %d", random.IntN(20), c.ID())
			if got, ok, err := s.Get(c, key); err != nil || got != mine[key] || ok != (mine[key] != "") {
				t.Errorf("CPU %d reads %q, %v, %v at %q, want %q", c.ID(), got, ok, err, key, mine[key])
			}
		}
	}))
	n, err := s.Len(sys)
	if err != nil || n > 20*cpus || n == 0 {
		t.Errorf("%d keys, %v", n, err)
	}
}

func TestShardStaysWithItsOfflineCPU(t *testing.T) {
	sys := openVirtual(t, cpumask.Range(0, 1))
	s := New(sys)
	key := keyOf(s, 1)
	must(t, s.Set(sys, key, "kept"))
	must(t, sys.Offline(t.Context(), 1))
	if value, ok, err := s.Get(sys, key); value != "" || ok || !errors.Is(err, crosscall.ErrOffline) {
		t.Errorf("get of a key of an offline CPU: %q, %v, %v", value, ok, err)
	}
	if err := s.Set(sys, key, "lost"); !errors.Is(err, crosscall.ErrOffline) {
		t.Errorf("set of a key of an offline CPU: %v", err)
	}
	if n, err := s.Len(sys); n != 1 || err != nil {
		t.Errorf("len: %d, %v, want the key of the offline CPU", n, err)
	}
	must(t, sys.Online(t.Context(), 1))
	if value, _, err := s.Get(sys, key); value != "kept" || err != nil {
		t.Errorf("get after the CPU is back: %q, %v", value, err)
	}
}

func TestForeignCaller(t *testing.T) {
	s := New(openVirtual(t, cpumask.Range(0, 1)))
	foreign := openVirtual(t, cpumask.Range(0, 1))
	var p *crosscall.PanicError
	for cpu := range 2 {
		key := keyOf(s, cpu)
		if err := s.Set(foreign, key, ""); !errors.As(err, &p) {
			t.Errorf("set by another System: %v, want a panic", err)
		}
		err := foreign.Call(t.Context(), 0, func(c *crosscall.CPU) { _ = s.Set(c, key, "") })
		if !errors.As(err, &p) {
			t.Errorf("set by a CPU of another System: %v, want a panic", err)
		}
	}
}

// A CPU reuses its ops, and takes a second one while the first is in use.
func TestOpsAreUsedAgain(t *testing.T) {
	sys := openVirtual(t, cpumask.Of(0))
	s := New(sys)
	must(t, sys.Call(t.Context(), 0, func(c *crosscall.CPU) {
		a := s.take(c)
		b := s.take(c)
		if a == b {
			t.Error("one op taken twice")
		}
		a.key = "kept alive"
		s.put(c, a)
		if again := s.take(c); again != a || again.request != (request{}) {
			t.Errorf("took %p holding %+v, want %p, empty", again, again.request, a)
		}
		s.put(c, b)
		s.put(c, a)
		if s.take(c) != a || s.take(c) != b {
			t.Error("ops were lost")
		}
	}))
}

// A waiting call may allocate when it sleeps, which may happen at any time on a
// busy machine. But if every get allocated, no round would be without
// allocations.
func TestGetAllocatesNothing(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("with one scheduler slot every call sleeps")
	}
	sys, err := crosscall.Open(crosscall.Options{CPUs: cpumask.Range(0, 1)})
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { must(t, sys.Close()) })
	s := New(sys)
	here, there := keyOf(s, 0), keyOf(s, 1)
	must(t, sys.Call(t.Context(), 0, func(c *crosscall.CPU) {
		for range 1000 {
			if mallocs(func() {
				for range 100 {
					_, _, _ = s.Get(c, here)
					_, _, _ = s.Get(c, there)
				}
			}) == 0 {
				return
			}
		}
		t.Error("no round of gets without an allocation")
	}))
}

func mallocs(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
