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

// A clockCall is a call of Now of a random program.
type clockCall struct {
	thread int32
	name   string // of the thread, the same in all executions
	epoch  uint32
	clock  []uint32
	time   int64
}

// A clockProg is a random program of goroutines that read the clock between other operations.
type clockProg [][]int

const timedOps = 16

func randomClocked(rng *rand.Rand) (p clockProg) {
	for range 2 + rng.IntN(2) {
		var ops []int
		for range 2 + rng.IntN(3) {
			ops = append(ops, rng.IntN(timedOps))
		}
		p = append(p, ops)
	}
	return p
}

// run is one execution of p, and calls report when it has ended.
func (p clockProg) run(l *lab, report func(class string, calls []clockCall)) {
	var calls []clockCall
	var word, mu, rw Header
	buffered, open, fed, timer := l.make(1), l.make(0), l.make(1), unsafe.Pointer(new(int))
	now := func() {
		n, t := l.Now(), l.cur
		calls = append(calls, clockCall{t.id, fmt.Sprint(t.lineage()), t.clock[t.id], slices.Clone(t.clock), n})
	}
	do := func(op int) {
		switch op {
		case 0:
			l.Enter(&word, "word", Load)
			l.Leave(Read, false)
		case 1:
			l.Enter(&word, "word", Add)
			l.Changed(true)
		case 2:
			l.send(buffered)
		case 3:
			l.recv(buffered)
		case 4:
			l.send(open)
		case 5:
			l.recv(open)
		case 6:
			l.Sleep(10)
		case 7:
			now()
		case 8:
			l.StartTimer(timer, 5000, 0, func() { now(); l.offer(fed) })
		case 9:
			l.Go(now)
		case 10:
			l.either(fed, buffered)
		case 11:
			l.Lock(&mu, "Mutex") // and leaves it locked
		case 12:
			l.Lock(&mu, "Mutex")
			l.Unlock(&mu, "Mutex")
		case 13:
			l.RLock(&rw, "RWMutex")
		case 14:
			l.LockRW(&rw, "RWMutex")
			l.Unlock(&rw, "RWMutex")
		case 15:
			l.poll(open)
		}
	}
	now()
	for _, ops := range p {
		l.Go(func() {
			now()
			for _, op := range ops {
				do(op)
				now()
			}
		})
	}
	now()
	l.Final(func() { report(l.class(), calls) })
}

// class identifies the executions that are equivalent to this one.
func (l *lab) class() string {
	var list []string
	for i := range l.exec.depth {
		e := &l.exec.events[i]
		var before []string
		var choice int32
		if e.code.multi() {
			choice = l.exec.takes[i].i
		}
		for id, n := range l.exec.clock(int32(i)) {
			if n > 0 {
				before = append(before, fmt.Sprint(l.threads[id].lineage(), ":", n))
			}
		}
		slices.Sort(before)
		list = append(list, fmt.Sprint(l.threads[e.thread].lineage(), e.n, e.code, choice, before))
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

// times are the times of all calls, by goroutine.
func times(calls []clockCall) string {
	calls = slices.Clone(calls)
	slices.SortStableFunc(calls, func(a, b clockCall) int { return strings.Compare(a.name, b.name) })
	var list []int64
	for _, c := range calls {
		list = append(list, c.time)
	}
	return fmt.Sprint(list)
}

// Equivalent executions have the same times, in any order of their steps. Times never go
// back along happens-before.
// Stamps make no difference to what is explored.
func TestStampsOfRandomPrograms(t *testing.T) {
	programs := 1000
	if testing.Short() {
		programs = 200
	}
	classes, walked := 0, 0
	for seed := range uint64(programs) {
		rng := rand.New(rand.NewPCG(seed, 7))
		p := randomClocked(rng)
		for _, anyTime := range []bool{false, true} {
			c, w := checkStamps(t, p, Config{Late: true, NoLeaks: true, TimersAnyTime: anyTime, MaxExecutions: 300})
			classes += c
			walked += w
		}
		if t.Failed() {
			t.Fatalf("program %d: %v", seed, p)
		}
	}
	if classes == 0 || walked == 0 {
		t.Error(classes, walked)
	}
	t.Logf("%d classes, %d executions in other orders", classes, walked)
}

func checkStamps(t *testing.T, p clockProg, cfg Config) (classes, walked int) {
	seen := map[string]string{}
	first, found, reason := inLab(cfg, func(l *lab) {
		p.run(l, func(class string, calls []clockCall) {
			seen[class] = times(calls)
			checkOrder(t, calls)
		})
	})
	if found != nil {
		t.Fatalf("%+v", found)
	}
	exact := cfg
	exact.Late = false
	second, _, again := inLab(exact, func(l *lab) { p.run(l, func(string, []clockCall) {}) })
	if first.Executions != second.Executions && !hasSleep(p) || reason != again && !hasSleep(p) {
		t.Errorf("any time %v: %+v, %q with stamps, %+v, %q without", cfg.TimersAnyTime, first, reason, second, again)
	}
	cfg.Random, cfg.MaxExecutions = true, 30
	inLab(cfg, func(l *lab) {
		p.run(l, func(class string, calls []clockCall) {
			want, ok := seen[class]
			switch {
			case !ok && reason == "":
				t.Fatalf("%v late %v any %v not explored: %s\n has %v", p, cfg.Late, cfg.TimersAnyTime, class, slices.Collect(maps.Keys(seen)))
			case ok && want != times(calls):
				t.Errorf("times %s, and %s in another order of\n%s", want, times(calls), class)
			case ok:
				walked++
			}
		})
	})
	return len(seen), walked
}

// hasSleep reports whether p waits for a time: with Late, times within a microsecond are
// one.
func hasSleep(p clockProg) bool {
	return slices.ContainsFunc(p, func(ops []int) bool { return slices.Contains(ops, 6) || slices.Contains(ops, 8) })
}

func checkOrder(t *testing.T, calls []clockCall) {
	for i, b := range calls {
		for _, a := range calls[:i] {
			if a.epoch > b.clock[a.thread] {
				continue // nothing orders them
			}
			if a.time > b.time {
				t.Errorf("a call at %d of G%d happens before one at %d of G%d", a.time, a.thread, b.time, b.thread)
			}
		}
	}
}

// Two calls of Now that come one after the other have different times, and so have calls
// after an effect. A loop that only reads has the same time in each round.
func TestStamps(t *testing.T) {
	_, found, reason := inLab(Config{Late: true}, func(l *lab) {
		a, b := l.Now(), l.Now()
		var word Header
		var reads, writes, calls []int64
		for range 3 {
			l.Enter(&word, "word", Load)
			l.Leave(Read, false)
			reads = append(reads, l.Now())
		}
		for range 3 {
			l.Enter(&word, "word", Add)
			l.Changed(true)
			writes = append(writes, l.Now())
		}
		for range 3 {
			calls = append(calls, l.Now())
		}
		if got, want := fmt.Sprint(a, b, reads, writes, calls), "1 2 [3 3 3] [4 5 6] [7 8 9]"; got != want {
			l.Error(got + ", want " + want)
		}
	})
	if found != nil || reason != "" {
		t.Errorf("%+v, %q", found, reason)
	}
}

// Timers and sleeps keep their times: a context's deadline and a timer of the same
// time are due together.
func TestStampsLeaveTimers(t *testing.T) {
	_, found, _ := inLab(Config{Late: true}, func(l *lab) {
		const second = 1_000_000_000
		start := l.Now()
		if due := l.Due(l.Now() + second); due != second {
			l.Error(fmt.Sprint("a timer is due at ", due))
		}
		if due := l.Due(start + second - l.Now() + l.Now()); due != second {
			l.Error(fmt.Sprint("a deadline is due at ", due))
		}
		l.Sleep(second)
		if now := l.time.now; now != second+1 {
			l.Error(fmt.Sprint("a sleep ends at ", now))
		}
	})
	if found != nil {
		t.Error(found.Text)
	}
}
