package crosscall

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

var ctx = context.Background()

func nop(*CPU) {}

// open opens a System that the test closes. A panic of a function without a
// waiting caller fails the test, unless o sets OnPanic.
func open(t testing.TB, o Options) *System {
	t.Helper()
	if o.OnPanic == nil {
		o.OnPanic = func(p *PanicError) { t.Errorf("%v\n%s", p, p.Stack) }
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// virtual is the options of a System of n CPUs, with numbers from 0.
func virtual(n int) Options { return Options{Virtual: true, CPUs: cpumask.Range(0, n-1)} }

// usable returns the CPUs that this process may use.
func usable(t testing.TB) cpumask.Mask {
	t.Helper()
	topo, err := topology.Read()
	if err != nil {
		t.Fatal(err)
	}
	return topo.Usable
}

type design struct {
	single OneTransport
	many   ManyTransport
}

func (d design) String() string {
	return []string{"Lanes", "SingleQueue"}[d.single] + "+" + []string{"PerTarget", "Shared"}[d.many]
}

func (d design) of(o Options) Options {
	o.One, o.Many = d.single, d.many
	return o
}

var designs = []design{{Lanes, PerTarget}, {Lanes, Shared}, {SingleQueue, PerTarget}, {SingleQueue, Shared}}

// sizes are one CPU, the real CPUs, more CPUs than there are, and more than a
// word of a mask has bits.
func sizes(t testing.TB) map[string]Options {
	cpus, many := usable(t), 130
	if testing.Short() {
		many = 66 // each CPU is a thread
	}
	return map[string]Options{
		"1 CPU":                      {CPUs: cpumask.Of(cpus.First())},
		"usable":                     {CPUs: cpus},
		"virtual 8":                  virtual(8),
		fmt.Sprint("virtual ", many): virtual(many),
	}
}

// eachDesign runs fn on a System of every design and size.
func eachDesign(t *testing.T, fn func(*testing.T, *System)) {
	t.Helper()
	for name, o := range sizes(t) {
		eachDesignOf(t, name, o, fn)
	}
}

// eachDesignOf runs fn on a System of every design, otherwise by o.
func eachDesignOf(t *testing.T, name string, o Options, fn func(*testing.T, *System)) {
	t.Helper()
	tried := designs
	if testing.Short() {
		tried = fewDesigns(o.CPUs.Weight())
	}
	for _, d := range tried {
		t.Run(fmt.Sprintf("%v/%s", d, name), func(t *testing.T) { fn(t, open(t, d.of(o))) })
	}
}

// fewDesigns are the designs that -short tries: the default, and the one that differs
// from it in both options. With more CPUs than a word of a mask has bits, only the default;
// with one CPU, only the other.
func fewDesigns(cpus int) []design {
	other := designs[len(designs)-1]
	switch {
	case cpus > 64:
		return designs[:1]
	case cpus == 1:
		return []design{other}
	}
	return []design{designs[0], other}
}

// must fails the test without ending the goroutine, so that it may be used in
// functions on executors too.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// first and last are the ends of a System's online CPUs; they may be the same.
func first(s *System) int {
	online := s.OnlineMask()
	return online.First()
}

func last(s *System) (cpu int) {
	online := s.OnlineMask()
	for c := range online.All() {
		cpu = c
	}
	return cpu
}

// on runs fn in a function on cpu, and waits.
func on(t testing.TB, s *System, cpu int, fn func(*CPU)) {
	t.Helper()
	must(t, s.Call(ctx, cpu, fn))
}

// block keeps cpu in a function until release is called. It returns when the
// function runs.
func block(t testing.TB, s *System, cpu int) (release func()) {
	t.Helper()
	running, hold := make(chan struct{}), make(chan struct{})
	must(t, s.Post(cpu, func(*CPU) {
		close(running)
		<-hold
	}))
	<-running
	release = sync.OnceFunc(func() { close(hold) })
	t.Cleanup(release)
	return release
}

// ran counts the runs of a function, by CPU.
type ran struct {
	mu   sync.Mutex
	runs map[int]int
}

func (r *ran) fn(c *CPU) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runs == nil {
		r.runs = make(map[int]int)
	}
	r.runs[c.ID()]++
}

// once fails the test unless the function ran once on each CPU of mask and
// nowhere else. It then resets the counts.
func (r *ran) once(t testing.TB, mask cpumask.Mask) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for cpu := range mask.All() {
		if r.runs[cpu] != 1 {
			t.Errorf("ran %d times on CPU %d, want once", r.runs[cpu], cpu)
		}
	}
	for cpu, n := range r.runs {
		if !mask.Test(cpu) {
			t.Errorf("ran %d times on CPU %d, which was not asked", n, cpu)
		}
	}
	r.runs = nil
}

// flush returns when every CPU has run what c had posted before.
func flush(t testing.TB, c Caller) {
	t.Helper()
	must(t, c.CallEvery(ctx, nop))
}

// flushAll returns when every CPU has run what any CPU, or a goroutine, had posted
// before. A call is ordered only after the posts of its own source, so each CPU
// makes one to each.
func flushAll(t testing.TB, s *System) {
	t.Helper()
	must(t, s.CallEvery(ctx, func(c *CPU) { must(t, c.CallMany(ctx, &s.possible, nop)) }))
}

// rounds is n, or fewer if many more executors than CPUs share the machine: a
// call to all then takes milliseconds.
func rounds(s *System, n int) int { return max(1, n*8/max(8, s.possible.Weight())) }
