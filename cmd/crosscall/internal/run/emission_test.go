package run

import (
	"errors"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"crosscall/cmd/crosscall/internal/machinecode"
	"crosscall/memmodel/check"
	"crosscall/memmodel/native"
)

var programs = flag.Int("programs", 0, "run so many random programs in each test")

func machine(t *testing.T, threads int) *Machine {
	t.Helper()
	m, err := Open()
	if errors.Is(err, machinecode.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	if len(m.CPUs()) < threads {
		t.Skipf("a test of %d threads needs as many CPUs; here are %d", threads, len(m.CPUs()))
	}
	return m
}

// states are those that the model of the machine allows.
func states(t *testing.T, src string, m *Machine) (list []string, complete bool) {
	t.Helper()
	model, err := check.LoadModel(m.Arch.Model())
	if err != nil {
		t.Fatal(err)
	}
	test, err := check.Compile("random.litmus", []byte(src), model)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	r := check.Run(t.Context(), test, model, check.Options{Timeout: 20 * time.Second})
	if r.Err != nil {
		t.Fatalf("%v\n%s", r.Err, src)
	}
	for line := range r.FinalStates() {
		list = append(list, string(line))
	}
	return list, r.Complete
}

func outcomes(t *testing.T, src string, m *Machine, o Options) []Outcome {
	t.Helper()
	test, err := native.Load("random.litmus", []byte(src), m.Arch)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	for _, want := range []int{0, 1, 2} { // on a busy machine all slices may be thrown away
		r, err := m.Run(t.Context(), test, o, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if r.Instances > 0 || want == 2 {
			return r.Outcomes
		}
	}
	return nil
}

// TestOneThread holds the code of each instruction against the model: a program of one thread
// has one final state, and the machine has to come to it.
func TestOneThread(t *testing.T) {
	m := machine(t, 1)
	n := max(*programs, 200)
	ran := 0
	for seed := range n {
		src := randomTest(rand.New(rand.NewPCG(uint64(seed), 1)), 1, 8)
		want, complete := states(t, src, m)
		if !complete || len(want) > 1 {
			t.Fatalf("one thread has %q\n%s", want, src)
		}
		if len(want) == 0 {
			continue // it waits for a lock that it has
		}
		o := Default
		o.Size, o.Runs, o.Indirect, o.Gap = 3, 1, seed%2 == 0, time.Second
		got := outcomes(t, src, m, o)
		if len(got) == 0 {
			continue // interrupted each time
		}
		ran++
		if len(got) != 1 || got[0].State != want[0] {
			t.Fatalf("program %d: the machine has %v, the model %q\n%s", seed, got, want, src)
		}
	}
	t.Logf("%d of %d programs have run", ran, n)
	if ran == 0 {
		t.Skip("the machine is too busy: every slice was interrupted")
	}
}

// TestTwoThreads holds what two CPUs do against the model: it has to allow all of it.
func TestTwoThreads(t *testing.T) {
	m := machine(t, 2)
	n := max(*programs, 30)
	seen, allowed := 0, 0
	for seed := range n {
		src := randomTest(rand.New(rand.NewPCG(uint64(seed), 2)), 2, 4)
		want, complete := states(t, src, m)
		if !complete {
			continue
		}
		o := Default
		o.Size, o.Runs, o.Indirect, o.Gap = 300, 4, seed%2 == 0, 5*time.Millisecond
		got := outcomes(t, src, m, o)
		seen, allowed = seen+len(got), allowed+len(want)
		for _, x := range got {
			if !slices.Contains(want, x.State) {
				t.Fatalf("program %d: the model does not allow %v, only\n%s\n%s", seed, x, strings.Join(want, "\n"), src)
			}
		}
	}
	t.Logf("%d programs: %d states seen of %d that are allowed", n, seen, allowed)
}

const storeBuffering = `C SB
{}
P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*y); }
P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r0 = READ_ONCE(*x); }
exists (0:r0=0 /\ 1:r0=0)
`

// TestStoreBuffering sees what makes this machine no interleaving of its threads. On a busy
// machine the threads may take turns: then a setting alone proves nothing, and all are tried
// again.
func TestStoreBuffering(t *testing.T) {
	m := machine(t, 2)
	test, err := native.Load("sb.litmus", []byte(storeBuffering), m.Arch)
	if err != nil {
		t.Fatal(err)
	}
	runs := 200
	if testing.Short() {
		runs = 50
	}
	var instances int64
	for range 10 {
		seen := 0
		for _, b := range []native.Barrier{native.TimeBase, native.User, native.UserFence, native.NoBarrier} {
			for _, indirect := range []bool{false, true} {
				o := Default
				o.Barrier, o.Indirect, o.Stride, o.Size, o.Runs, o.Time = b, indirect, 7, 500, runs, 500*time.Millisecond
				r, err := m.Run(t.Context(), test, o, nil)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%s, indirect %t: %d of %d, thrown %d, late %d, %v", b, indirect, r.Positive, r.Instances, r.Thrown, r.Late, r.Elapsed)
				if r.Positive > 0 {
					seen++
				}
				instances += r.Instances
			}
		}
		if seen > 0 || m.Arch != native.AMD64 {
			return
		}
	}
	t.Errorf("not seen in %d instances", instances)
}
