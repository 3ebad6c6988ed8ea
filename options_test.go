package crosscall

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

func TestOpenRefuses(t *testing.T) {
	topo, err := topology.Read()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := everyCPU.AndNot(&topo.Affinity)
	for _, test := range []struct {
		o    Options
		says string
	}{
		{Options{One: 2}, "Options.One is 2"},
		{Options{One: -1}, "Options.One is -1"},
		{Options{Many: 2}, "Options.Many is 2"},
		{Options{Many: -1}, "Options.Many is -1"},
		{Options{Virtual: true}, "Options.Virtual needs Options.CPUs"},
		{Options{CPUs: elsewhere}, fmt.Sprintf("may not run on CPUs %v", elsewhere)},
		{Options{CPUs: cpumask.Of(topo.Affinity.First(), elsewhere.First())}, fmt.Sprintf("may not run on CPUs %d;", elsewhere.First())},
	} {
		s, err := Open(test.o)
		if err == nil {
			must(t, s.Close())
		}
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%v, want an error that says %q", err, test.says)
		}
	}
}

func TestDefaults(t *testing.T) {
	s := open(t, Options{})
	if want := usable(t); s.PossibleMask() != want || s.OnlineMask() != want {
		t.Errorf("CPUs %v, of which %v online, want %v", s.PossibleMask(), s.OnlineMask(), want)
	}
	o := s.opts
	if o.One != Lanes || o.Many != PerTarget || o.Spin != 50*time.Microsecond || o.StallAfter != 5*time.Second {
		t.Errorf("%v, %v, spin %v, stall after %v", o.One, o.Many, o.Spin, o.StallAfter)
	}
	if o.OnStall == nil || o.OnPanic == nil || o.OnAffinity == nil {
		t.Error("a handler is missing")
	}
}

func TestGivenOptionsAreKept(t *testing.T) {
	o := Options{Spin: -1, StallAfter: -1}
	o.setDefaults()
	if o.Spin != -1 || o.StallAfter != -1 {
		t.Errorf("spin %v, stall after %v, want -1ns both", o.Spin, o.StallAfter)
	}
}

// The numbers of virtual CPUs may have gaps, and be as high as a mask holds.
func TestSparseCPUs(t *testing.T) {
	cpus := cpumask.Of(3, 64, 500, cpumask.Max-1)
	eachDesignOf(t, "sparse", Options{Virtual: true, CPUs: cpus}, func(t *testing.T, s *System) {
		if s.PossibleMask() != cpus || s.OnlineMask() != cpus {
			t.Errorf("CPUs %v, online %v, want %v", s.PossibleMask(), s.OnlineMask(), cpus)
		}
		asCallers(t, s, func(t *testing.T, k Caller) {
			for _, w := range ways {
				n := new(tasks)
				must(t, w.run(ctx, k, &everyCPU, n.fn))
				flush(t, k)
				n.are(t, 1, cpus)
			}
		})
	})
}

func TestSpinOptions(t *testing.T) {
	for _, spin := range []time.Duration{-1, 1, time.Millisecond} {
		eachDesignOf(t, fmt.Sprint("spin ", spin), Options{CPUs: usable(t), Spin: spin}, func(t *testing.T, s *System) {
			asCallers(t, s, func(t *testing.T, k Caller) {
				n := new(tasks)
				for range 20 {
					must(t, k.CallEvery(ctx, n.fn))
				}
				n.are(t, 20, s.possible)
			})
		})
	}
}

func TestRingsOfAllPairsFitInMemory(t *testing.T) {
	const slot = 16 // bytes
	for n := 1; n <= cpumask.Max; n++ {
		size := ringSize(n)
		if size&(size-1) != 0 {
			t.Fatalf("%d CPUs have rings of %d, not a power of two", n, size)
		}
		if bytes := n * n * size * slot; n <= 256 && bytes > 64<<20 {
			t.Fatalf("the rings of %d CPUs take %d MB", n, bytes>>20)
		}
	}
}
