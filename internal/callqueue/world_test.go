package callqueue

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// world is a queue without threads: a test acts as every CPU in turn and decides
// the order of all steps.
type world struct {
	t        testing.TB
	q        *Queue[int]
	src      []*Source[int] // by CPU
	external *Source[int]
	log      []string // functions in the order in which they began

	onRing   func(cpu int) // nil: nothing
	rung     []int
	answered []int
	failures []string
	warnings []string
}

// world is its queue's Host.
func (w *world) Ring(cpu int) {
	w.rung = append(w.rung, cpu)
	if w.onRing != nil {
		w.onRing(cpu)
	}
}

func (w *world) Answer(src, _ int) { w.answered = append(w.answered, src) }

func (w *world) Failed(cpu int, reason any, waited bool) error {
	err := fmt.Errorf("CPU %d: %v, waited %v", cpu, reason, waited)
	w.failures = append(w.failures, err.Error())
	return err
}
func (w *world) Warn(_ int, what string) { w.warnings = append(w.warnings, what) }

func newWorld(t testing.TB, cfg Config) *world {
	w := &world{t: t}
	if cfg.Ring == 0 {
		cfg.Ring = 8
	}
	w.q = New(cfg, Host(w), func(cpu int) int { return cpu })
	w.external = w.q.External()
	w.src = make([]*Source[int], len(w.q.inboxes))
	for _, cpu := range cfg.CPUs {
		w.src[cpu] = w.q.Source(cpu)
	}
	return w
}

// newLanes is a world of n CPUs connected by lanes.
func newLanes(t testing.TB, n int) *world { return newWorld(t, Config{CPUs: upTo(n)}) }

func upTo(n int) (cpus []int) {
	for cpu := range n {
		cpus = append(cpus, cpu)
	}
	return cpus
}

// bothSingle runs a test over both ways to carry a request to one CPU.
func bothSingle(t *testing.T, test func(t *testing.T, cfg Config)) {
	for _, single := range []bool{false, true} {
		t.Run(map[bool]string{false: "lanes", true: "single"}[single], func(t *testing.T) {
			test(t, Config{SingleQueue: single})
		})
	}
}

// fn makes a function that logs name and then calls each of then.
func (w *world) fn(name string, then ...func()) func(int) {
	return func(cpu int) {
		w.log = append(w.log, fmt.Sprint(name, "@", cpu))
		for _, f := range then {
			f()
		}
	}
}

func (w *world) post(src *Source[int], dst int, name string, then ...func()) {
	w.t.Helper()
	if got := src.TryPost(dst, w.fn(name, then...), nil, false); got != Posted {
		w.t.Fatalf("post of %s: %v", name, got)
	}
}

// call puts a function into the mailbox.
func (w *world) call(src, dst int, name string, then ...func()) *Lane[int] {
	w.t.Helper()
	l := w.src[src].Lane(dst)
	if !l.TryCall(w.fn(name, then...)) {
		w.t.Fatalf("call of %s: the mailbox is taken", name)
	}
	return l
}

func (w *world) share(src *Source[int], mask MaskWords, csd *CSD, name string, then ...func()) int {
	w.t.Helper()
	n, ok := src.TryShare(mask, w.fn(name, then...), csd)
	if !ok {
		w.t.Fatalf("share of %s: the record is in flight", name)
	}
	return n
}

// poll returns the number of functions run by one Poll that checks everything.
func (w *world) poll(cpu int) int {
	w.q.Inbox(cpu).skip = 0
	return w.q.Inbox(cpu).Poll()
}

// drain polls all CPUs until nothing is left.
func (w *world) drain() {
	w.t.Helper()
	for range 1000 {
		ran := 0
		for cpu, in := range w.q.inboxes {
			if in != nil {
				ran += w.poll(cpu)
			}
		}
		if ran == 0 {
			return
		}
	}
	w.t.Fatal("no end of functions to run")
}

func (w *world) ran(want ...string) {
	w.t.Helper()
	if !slices.Equal(w.log, want) {
		w.t.Errorf("ran %v\nwant %v", w.log, want)
	}
	w.log = nil
}

func (w *world) noWarnings() {
	w.t.Helper()
	if len(w.warnings) > 0 {
		w.t.Errorf("warned: %s", strings.Join(w.warnings, "; "))
	}
}

// armed is a record for n targets whose waiter counts its wakes.
func armed(n int) (*CSD, *wakes) {
	csd, w := new(CSD), new(wakes)
	csd.Arm(n, w)
	return csd, w
}

// wakes counts.
type wakes int

func (w *wakes) Wake() { *w++ }

// words is a mask that does not change.
type words []uint64

func (w words) Word(i int) uint64 { return w[i] }

// onGoroutine runs f where runtime.Goexit may end it, as an executor's goroutine.
func onGoroutine(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func goexit() { runtime.Goexit() }

func errsOf(csd *CSD) (errs []error) {
	csd.Errs(func(err error) { errs = append(errs, err) })
	return errs
}

// wakeFunc is a waiter that does something as soon as its record is free.
type wakeFunc func()

func (f wakeFunc) Wake() { f() }

// parked returns a record for one target whose waiter sleeps.
func parked(wake func()) *CSD {
	csd := new(CSD)
	csd.Arm(1, wakeFunc(wake))
	csd.Park()
	return csd
}
