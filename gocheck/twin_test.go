package gocheck_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// The dumb twin: small random programs, run by an interpreter that runs every
// interleaving one by one. The explorer must find the same final states, and as
// many executions as there are classes of equivalent interleavings.

type verb int

const (
	vLoad   verb = iota
	vStore       // store val
	vAdd         // add val
	vCAS         // compare and swap, 0 to val
	vSwap        // swap val
	vLock        // of the mutex
	vUnlock      //
	vAwait       // spin until the variable is not 0
	vTake        // spin until a compare and swap of 0 to val succeeds
	vEither      // spin until one of two variables is not 0: two reads a round
	vPark        // each round swaps in val, until another value than 0 and val comes out
)

type instr struct {
	verb verb
	loc  int
	val  int32
}

func (i instr) String() string {
	return fmt.Sprintf("%s(%c,%d)", [...]string{"load", "store", "add", "cas", "swap", "lock", "unlock", "await", "take", "either", "park"}[i.verb], "xy"[i.loc], i.val)
}

type prog [][]instr

// waits reports whether the program has loops that wait.
func (p prog) waits() bool {
	return slices.ContainsFunc(p, func(t []instr) bool {
		return slices.ContainsFunc(t, func(i instr) bool { return i.verb >= vAwait })
	})
}

// retries reports whether a wait may have a round with an effect. The number of
// executions is then not the number of classes.
func (p prog) retries() bool {
	return slices.ContainsFunc(p, func(t []instr) bool {
		return slices.ContainsFunc(t, func(i instr) bool { return i.verb >= vEither })
	})
}

// A twin is the interpreter.
type twin struct {
	p       prog
	finals  map[string]bool
	classes map[string]bool
	stuck   bool // on the mutex
	idle    bool // in a loop
	count   int
}

type twinState struct {
	mem     [2]int32
	version [2]int
	holder  int
	pc      []int
	half    []bool // of vEither: the first read is done
	seen    [][2]int
	wait    []bool
	regs    []string
	clocks  [][]int    // of each thread's last event
	hist    [3][]past  // on each object since its last write
	trace   [][]string // the clocks of each thread's events
}

type past struct {
	clock []int
	write bool
}

func (s *twinState) clone() *twinState {
	c := *s
	c.pc, c.half, c.wait = slices.Clone(s.pc), slices.Clone(s.half), slices.Clone(s.wait)
	c.seen, c.regs = slices.Clone(s.seen), slices.Clone(s.regs)
	c.clocks = slices.Clone(s.clocks)
	c.trace = slices.Clone(s.trace)
	for i := range c.trace {
		c.trace[i] = slices.Clip(c.trace[i])
	}
	for i := range c.hist {
		c.hist[i] = slices.Clip(c.hist[i])
	}
	return &c
}

func (w *twin) run() {
	n := len(w.p)
	s := &twinState{holder: -1, pc: make([]int, n), half: make([]bool, n), seen: make([][2]int, n), wait: make([]bool, n),
		regs: make([]string, n), clocks: make([][]int, n), trace: make([][]string, n)}
	for i := range s.clocks {
		s.clocks[i] = make([]int, n)
	}
	w.finals, w.classes = map[string]bool{}, map[string]bool{}
	w.explore(s)
}

const tooMany = 1500

func (w *twin) explore(s *twinState) {
	if w.count > tooMany {
		return
	}
	moved := false
	for t := range w.p {
		if w.can(s, t) {
			moved = true
			c := s.clone()
			w.step(c, t)
			w.explore(c)
		}
	}
	if moved {
		return
	}
	w.count++
	for t := range w.p {
		if s.pc[t] < len(w.p[t]) {
			if w.p[t][s.pc[t]].verb == vLock {
				w.stuck = true
			} else {
				w.idle = true
			}
		}
	}
	w.finals[final(s.mem, s.regs)] = true
	w.classes[fmt.Sprint(s.trace)] = true
}

func final(mem [2]int32, regs []string) string {
	return fmt.Sprintf("x=%d y=%d %s", mem[0], mem[1], strings.Join(regs, "|"))
}

func (w *twin) can(s *twinState, t int) bool {
	if s.pc[t] == len(w.p[t]) {
		return false
	}
	i := w.p[t][s.pc[t]]
	switch i.verb {
	case vLock:
		return s.holder < 0
	case vAwait:
		return s.mem[i.loc] != 0
	case vTake:
		return s.mem[i.loc] == 0
	case vEither:
		return !s.wait[t] || s.seen[t] != s.version
	case vPark:
		return !s.wait[t] || s.seen[t][i.loc] != s.version[i.loc]
	}
	return true
}

func (w *twin) step(s *twinState, t int) {
	i := w.p[t][s.pc[t]]
	done, write := true, true
	obj, old := i.loc, s.mem[i.loc]
	set := func(v int32) {
		s.mem[i.loc] = v
		if v != old {
			s.version[i.loc]++
		}
	}
	switch i.verb {
	case vLoad, vAwait:
		write = false
	case vStore, vSwap:
		set(i.val)
	case vAdd:
		set(old + i.val)
	case vCAS, vTake:
		if write = old == 0; write {
			set(i.val)
		}
	case vLock:
		s.holder, obj = t, 2
	case vUnlock:
		s.holder, obj = -1, 2
	case vEither:
		write = false
		if s.half[t] {
			obj = 1 - i.loc
		}
		s.seen[t][obj] = s.version[obj]
		if done = s.mem[obj] != 0; !done {
			s.wait[t] = s.half[t]
			s.half[t] = !s.half[t]
		}
	case vPark:
		set(i.val)
		s.seen[t] = s.version
		done = old != 0 && old != i.val
		// Its first round changes the variable. That is an effect, so it does not
		// wait yet.
		s.wait[t] = old == i.val
	}
	s.event(t, obj, write)
	switch {
	case i.verb == vCAS && !write:
		s.regs[t] += "no "
	case i.verb != vStore && i.verb < vLock:
		s.regs[t] += fmt.Sprint(old, " ")
	}
	if done {
		s.pc[t]++
		s.half[t], s.wait[t] = false, false
	}
}

func (s *twinState) event(t, obj int, write bool) {
	clock := slices.Clone(s.clocks[t])
	for _, p := range s.hist[obj] {
		if write || p.write {
			for i, v := range p.clock {
				clock[i] = max(clock[i], v)
			}
		}
	}
	clock[t]++
	s.clocks[t] = clock
	s.trace[t] = append(s.trace[t], fmt.Sprint(clock))
	s.hist[obj] = append(s.hist[obj], past{clock, write})
}

// body is the program for the explorer. After each execution that ends, it puts
// the final state into finals.
func (p prog) body(finals map[string]bool) func(*gocheck.T) {
	return func(t *gocheck.T) {
		var mem [2]atomic.Int32
		var mu sync.Mutex
		regs := make([]string, len(p))
		for id, code := range p {
			t.Go(func() {
				for _, i := range code {
					i.run(&mem, &mu, &regs[id])
				}
			})
		}
		t.Final(func() {
			finals[final([2]int32{mem[0].Load(), mem[1].Load()}, regs)] = true
		})
	}
}

func (i instr) run(mem *[2]atomic.Int32, mu *sync.Mutex, regs *string) {
	x := &mem[i.loc]
	switch i.verb {
	case vLoad:
		*regs += fmt.Sprint(x.Load(), " ")
	case vStore:
		x.Store(i.val)
	case vAdd:
		*regs += fmt.Sprint(x.Add(i.val)-i.val, " ")
	case vCAS:
		if x.CompareAndSwap(0, i.val) {
			*regs += "0 "
		} else {
			*regs += "no "
		}
	case vSwap:
		*regs += fmt.Sprint(x.Swap(i.val), " ")
	case vLock:
		mu.Lock()
	case vUnlock:
		mu.Unlock()
	case vAwait:
		for x.Load() == 0 {
			gocheck.Idle()
		}
	case vTake:
		for !x.CompareAndSwap(0, i.val) {
			gocheck.Idle()
		}
	case vEither:
		for x.Load() == 0 && mem[1-i.loc].Load() == 0 {
			gocheck.Idle()
		}
	case vPark:
		for {
			if old := x.Swap(i.val); old != 0 && old != i.val {
				break
			}
			gocheck.Idle()
		}
	}
}

func genProg(t *rapid.T) prog {
	n := rapid.IntRange(2, 4).Draw(t, "threads")
	most := []int{0, 0, 5, 3, 2}[n]
	verbs := []verb{vLoad, vLoad, vStore, vStore, vAdd, vCAS, vSwap, vLock, vAwait, vTake, vEither, vPark}
	p := make(prog, n)
	for k := range p {
		locked := false
		for range rapid.IntRange(1, most).Draw(t, "length") {
			i := instr{
				verb: rapid.SampledFrom(verbs).Draw(t, "verb"),
				loc:  rapid.IntRange(0, 1).Draw(t, "loc"),
				val:  int32(rapid.IntRange(0, 2).Draw(t, "val")),
			}
			if i.verb == vLock && locked {
				i.verb = vUnlock
			}
			switch i.verb {
			case vLock:
				locked = true
			case vUnlock:
				locked = false
			case vCAS, vTake, vPark:
				i.val = max(i.val, 1)
			}
			p[k] = append(p[k], i)
		}
		if locked {
			p[k] = append(p[k], instr{verb: vUnlock})
		}
	}
	return p
}

func TestTwin(t *testing.T) {
	var exact, executions, blocked int64
	rapid.Check(t, func(t *rapid.T) {
		p := genProg(t)
		r, ok := compare(t, p, 0)
		if ok {
			exact++
		}
		if !p.waits() {
			executions += r.Executions
			blocked += r.Blocked
		}
	})
	t.Logf("%d programs compared by number too; without loops that wait: %d executions, %d blocked", exact, executions, blocked)
	if blocked*10 > executions {
		t.Errorf("%d of %d executions were begun in vain", blocked, executions)
	}
}

// The same, with goroutines whose numbers need more than a word.
func TestTwinOfMany(t *testing.T) {
	exact := 0
	rapid.Check(t, func(t *rapid.T) {
		if _, ok := compare(t, genProg(t), 62); ok {
			exact++
		}
	})
	if exact == 0 {
		t.Error("no program was compared")
	}
}

type fataler interface {
	Fatalf(string, ...any)
	Helper()
}

// compare compares the explorer with the twin. exact reports whether the number
// of executions could be compared as well. The program's goroutines follow so
// many others that do nothing.
func compare(t fataler, p prog, others int) (r gocheck.Result, exact bool) {
	t.Helper()
	w := &twin{p: p}
	w.run()
	if w.count > tooMany {
		return gocheck.Result{}, false
	}
	finals := map[string]bool{}
	r, err := gocheck.Explore(context.Background(), gocheck.Options{}, func(t *gocheck.T) {
		for range others {
			t.Go(func() {})
		}
		p.body(finals)(t)
	})
	if err != nil {
		t.Fatalf("%v: %v", p, err)
	}
	if w.stuck {
		if r.Failure == nil || r.Failure.Kind != gocheck.Leak {
			t.Fatalf("%v: the twin is stuck, the explorer: %v", p, r)
		}
		return r, false
	}
	if !r.Complete {
		t.Fatalf("%v: %v\n%v", p, r, r.Failure)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(w.finals)), slices.Sorted(maps.Keys(finals))); diff != "" {
		t.Fatalf("%v: final states (-twin +explorer):\n%s", p, diff)
	}
	if p.retries() || w.idle {
		return r, false
	}
	if int(r.Executions) != len(w.classes) {
		t.Fatalf("%v: %d executions for %d classes of %d interleavings", p, r.Executions, len(w.classes), w.count)
	}
	return r, true
}
