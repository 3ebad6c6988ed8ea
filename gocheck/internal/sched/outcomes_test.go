package sched

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// An outcomeProg is a random program: the operations of each goroutine, as numbers.
type outcomeProg [][]int

const outcomeOps = 38

// An outcomeRun is one execution of an outcomeProg. Each goroutine writes down what its
// operations return. So the outcome does not depend on what the explorer knows.
type outcomeRun struct {
	*lab
	words        [2]Header
	values       [2]int
	mu           [2]Header
	rw, wg, cond Header
	once         Header
	onceValue    int
	chans        []unsafe.Pointer // two with buffers, two without
	fed, timer   unsafe.Pointer
	logs         map[string]*strings.Builder
}

func (r *outcomeRun) log(format string, args ...any) {
	name := fmt.Sprint(r.cur.lineage())
	b := r.logs[name]
	if b == nil {
		b = &strings.Builder{}
		r.logs[name] = b
	}
	fmt.Fprintf(b, format+" ", args...)
}

func (r *outcomeRun) value(n int) unsafe.Pointer {
	v := new(string)
	*v = fmt.Sprint(r.cur.lineage(), n)
	return unsafe.Pointer(v)
}

func text(p unsafe.Pointer) string {
	if p == nil {
		return "-"
	}
	return *(*string)(p)
}

func (r *outcomeRun) choose(block bool, n int, cases ...Case) {
	for i := range cases {
		if cases[i].Send {
			cases[i].Box = r.value(n)
		}
	}
	i, box, closed := r.Select(cases, block, r.state)
	if closed && i >= 0 && cases[i].Send {
		r.log("panic")
		return
	}
	r.log("%d:%s%v", i, text(box), closed)
}

func (r *outcomeRun) load(i int) int {
	r.Enter(&r.words[i], "word", Load)
	v := r.values[i]
	r.Leave(Read, false)
	return v
}

// do performs operation op, the nth of its goroutine.
func (r *outcomeRun) do(op, n int, self func(ops []int)) {
	c := r.chans
	switch op {
	case 0, 1:
		r.log("load %d", r.load(op))
	case 2, 3:
		i := op - 2
		r.Enter(&r.words[i], "word", Add)
		r.values[i]++
		r.log("add %d", r.values[i])
		r.Changed(true)
	case 4:
		r.Enter(&r.words[0], "word", CompareAndSwap)
		if r.values[0] == 0 {
			r.values[0] = 5
			r.log("swapped")
			r.Changed(true)
		} else {
			r.log("not swapped")
			r.Leave(Read, false)
		}
	case 5, 6, 7, 8:
		r.choose(true, n, Case{Chan: c[op-5], Send: true})
	case 9, 10, 11, 12:
		r.choose(true, n, Case{Chan: c[op-9]})
	case 13:
		r.choose(true, n, Case{Chan: c[0]}, Case{Chan: c[1]})
	case 14:
		r.choose(true, n, Case{Chan: c[2]}, Case{Chan: c[3]})
	case 15:
		r.choose(true, n, Case{Chan: c[2], Send: true}, Case{Chan: c[3]})
	case 16:
		r.choose(false, n, Case{Chan: c[0]}, Case{Chan: c[2]})
	case 17:
		r.choose(false, n, Case{Chan: c[0], Send: true})
	case 18:
		r.choose(false, n, Case{Chan: c[2], Send: true})
	case 19:
		if !r.CloseChan(c[0], r.state) {
			r.log("closed")
		}
	case 20:
		if !r.CloseChan(c[2], r.state) {
			r.log("closed")
		}
	case 21, 22:
		r.Lock(&r.mu[op-21], "Mutex")
		r.log("locked")
	case 23, 24:
		r.Lock(&r.mu[op-23], "Mutex")
		r.log("lock")
		self([]int{0, 3}[op-23 : op-22])
		r.Unlock(&r.mu[op-23], "Mutex")
	case 25:
		if ok := r.TryLock(&r.mu[0], "Mutex"); ok {
			r.log("try")
			r.Unlock(&r.mu[0], "Mutex")
		} else {
			r.log("not")
		}
	case 26:
		r.RLock(&r.rw, "RWMutex")
		r.log("rlock")
		self([]int{1})
		r.RUnlock(&r.rw, "RWMutex")
	case 27:
		r.LockRW(&r.rw, "RWMutex")
		r.log("wlock")
		self([]int{3})
		r.Unlock(&r.rw, "RWMutex")
	case 28:
		r.AddGroup(&r.wg, "WaitGroup", -1)
	case 29:
		r.WaitGroup(&r.wg, "WaitGroup")
		r.log("waited")
	case 30:
		ticket := r.EnqueueCond(&r.cond, "Cond")
		r.AwaitCond(&r.cond, "Cond", ticket)
		r.log("woken")
	case 31:
		r.SignalCond(&r.cond, "Cond", n%2 == 0)
	case 32:
		if r.EnterOnce(&r.once, "Once") {
			r.onceValue = r.values[0]
			self([]int{2})
			r.LeaveOnce(&r.once, "Once")
			r.log("first")
		}
	case 33:
		r.Go(func() { self([]int{2, 9}) })
	case 34:
		r.Sleep(10)
	case 35:
		r.StartTimer(r.timer, 5000, 0, func() { r.offer(r.fed) })
	case 36:
		r.choose(true, n, Case{Chan: r.fed}, Case{Chan: c[1]})
	case 37:
		r.log("stop %v", r.StopTimer(r.timer))
	}
}

// run is one execution of p, and calls report with its outcome.
func (p outcomeProg) run(l *lab, report func(outcome string)) {
	r := &outcomeRun{lab: l, chans: []unsafe.Pointer{l.make(1), l.make(2), l.make(0), l.make(0)}, fed: l.make(1),
		timer: unsafe.Pointer(new(int)), logs: map[string]*strings.Builder{}}
	r.AddGroup(&r.wg, "WaitGroup", 2)
	var self func(ops []int)
	self = func(ops []int) {
		for n, op := range ops {
			r.do(op, n, self)
		}
	}
	for _, ops := range p {
		l.Go(func() {
			self(ops)
			r.log("end")
		})
	}
	l.Final(func() {
		var list []string
		for _, name := range slices.Sorted(maps.Keys(r.logs)) {
			list = append(list, name+": "+r.logs[name].String())
		}
		report(strings.Join(list, "\n"))
	})
}

// TestOutcomes runs each program at random, and explores it exhaustively. What a random execution
// ends with must be found by the exploration, too.
func TestOutcomes(t *testing.T) {
	programs := 1500
	if testing.Short() {
		programs = 300
	}
	outcomes, failures, unfinished := 0, 0, 0
	for seed := range uint64(programs) {
		rng := rand.New(rand.NewPCG(seed, 9))
		var p outcomeProg
		for range 2 + rng.IntN(2) {
			var ops []int
			for range 2 + rng.IntN(4) {
				ops = append(ops, rng.IntN(outcomeOps))
			}
			p = append(p, ops)
		}
		cfg := Config{Late: true, NoLeaks: true, NoRaces: true, TimersAnyTime: seed%3 == 0, MaxExecutions: 3000}
		seen := map[string]bool{}
		_, found, reason := inLab(cfg, func(l *lab) { p.run(l, func(o string) { seen[o] = true }) })
		switch {
		case found != nil:
			failures++
			continue
		case reason != "":
			unfinished++
			continue
		}
		outcomes += len(seen)
		cfg.Random, cfg.MaxExecutions = true, 60
		for ranked := range 2 {
			cfg.Ranked = ranked == 1
			_, found, _ = inLab(cfg, func(l *lab) {
				p.run(l, func(o string) {
					if !seen[o] {
						t.Errorf("program %d: %v, any time %v: not explored:\n%s\nof %d", seed, p, cfg.TimersAnyTime, o, len(seen))
						seen[o] = true
					}
				})
			})
			if found != nil {
				t.Errorf("program %d: %v: %+v", seed, p, found)
			}
		}
	}
	t.Logf("%d outcomes, %d programs that fail, %d that are not explored to the end", outcomes, failures, unfinished)
}
