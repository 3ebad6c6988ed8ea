package sched

import (
	"cmp"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"
)

const maxThreads = 4096 // each event has a clock of as many

// A Config has the options of an exploration. A bound of zero is no bound.
type Config struct {
	MaxSteps      int
	MaxAlone      int // if more than MaxSteps: how many steps at which no other thread could run do not count
	MaxExecutions int64
	Deadline      time.Time
	Preemptions   int // negative: no bound
	Random        bool
	Ranked        bool // with Random: every other execution follows random ranks of its threads
	Seed          uint64
	Epoch         int64         // the time at the start, in nanoseconds
	TimersAnyTime bool          // a timer may fire, and a sleep end, at any point after its start
	MaxClock      time.Duration // how long the body may wait for others that only time keeps running
	Late          bool          // the clock moves a little beyond the time that is waited for
	NoRaces       bool          // races are no failures
	NoLeaks       bool          // a thread that still waits when the body has returned is no failure
	TimedLeaks    bool          // a thread that only the clock keeps running when the body has returned is a leak
	Schedule      *Schedule     // run this one execution, and record it
	Unrecorded    bool          // with Schedule: do not record
	RacedOnly     bool          // plain accesses are recorded only for a race
	raceless      bool          // with Schedule: it has no race
	TotalSteps    int64         // of all executions
	Shrink        bool          // look for a failure with fewer preemptions, when one is found
	NoRounds      bool          // Repeats finds no loops
	offers        bool          // a select with several cases sends to an unbuffered channel
	Census        bool          // goroutines are counted: their starts and ends are steps
	ordersCounts  bool          // a WaitGroup's counter was lowered below zero: its operations do not commute
	Stop          func() bool
	Failing       func() // is called when a failure was found: running it again and shrinking it are bounded by steps, not by time
	Progress      func(Stats)
	Helper        Helper      // explores parts, if it is not nil; only where there is no bound on executions or preemptions
	Pause         func() bool // reports whether to end between two executions
}

// Stats are counts of an exploration.
type Stats struct {
	Executions int64 // that ran to their end
	Blocked    int64 // given up, because each of their ends is that of another execution
	Steps      int64
	Timed      bool // a goroutine or a timer waited for a time
	Census     bool // goroutines were counted
}

// canShare reports whether the exploration may be shared with a helper. A bound other than
// time would let through other executions than with one explorer.
func (c *Config) canShare() bool {
	return c.Helper != nil && !c.Random && c.Schedule == nil && c.MaxExecutions == 0 && c.TotalSteps == 0 && c.Preemptions < 0
}

// ending is the way in which an execution ended.
type ending uint8

const (
	running    ending = iota
	complete          // no thread is left that could run
	redundant         // the rest was explored elsewhere
	failed            //
	tooLong           // it reached the bound on steps
	cutShort          // the exploration has to end now
	preempted         // it would need more preemptions than the bound
	restarting        // it has to be run again
)

// An Explorer explores one program.
type Explorer struct {
	cfg  Config
	body func()

	threads threads
	begun   []int32 // the numbers of those that this execution has started, in this order
	final   *thread // runs the functions of Final when all has ended
	finals  []func()

	objs   objects
	memory memory
	time   virtualTime
	chans  channels

	exec      execution
	sharing   *sharing // of the exploration with a helper, if there is one
	stack     stack
	reversals reversals
	spins     int // Spins since the last event

	cur   *thread
	next  *thread
	probe probe

	at       round // where Repeats has found a round to begin, for Spin
	waiters  int
	counters counters
	wakes    bool // a Spin goes on once memory has changed: executions are run and not explored
	killing  bool
	solo     bool
	ending   ending
	bounded  bool

	found       *Found
	foundShared *Found // with a helper, before the exploration went on alone
	rec         *recorder
	texts       texts
	walk        walk
	trail       *trail // if not nil, notes the other ways in which executions could go on
	stats       Stats
	limits      limits
	why         string // the reason of cutShort
	advanced    int    // how many times advance was called
	deviated    int    // how many times a Spin was found not to wait
	asked       bool   // Repeats was called
	tried       bool   // TryLock was used
	heldBack    bool   // a goroutine was held back, because it returned to an earlier state
	census      Header // stands for the number of goroutines
	processor   Header // to which goroutines may be pinned
	collections int    // of garbage, in this execution

	initializing bool   // init functions run
	altered      string // a value that exploration changes, and that the execution has read
}

// active is the explorer that is running a goroutine now. There is one at a
// time in a process, because a drop-in has no other way to find its caller's
// explorer.
var (
	active    atomic.Pointer[Explorer]
	exploring sync.Mutex
	runs      uint64 // under exploring
)

// Active is the explorer whose goroutine calls, nil if none does.
func Active() *Explorer { return active.Load() }

func newExplorer(cfg Config, body func()) *Explorer {
	x := &Explorer{cfg: cfg, body: body, exec: newExecution(), limits: limits{deadline: cfg.Deadline, stop: cfg.Stop}}
	x.walk.rng = rand.New(rand.NewPCG(cfg.Seed, 0))
	x.objs.firstRun = runs + 1
	x.stack = newStack(&x.exec)
	x.chans.objs, x.chans.exec = &x.objs, &x.exec
	x.reversals.exec, x.reversals.objs, x.reversals.chans = &x.exec, &x.objs, &x.chans
	x.counters.exec, x.counters.objs = &x.exec, &x.objs
	x.memory.objs, x.memory.exec, x.memory.ignores = &x.objs, &x.exec, cfg.NoRaces
	x.memory.wake = x.wakeWaiters
	x.probe.mem = &x.memory
	x.time.cfg, x.time.objs = &x.cfg, &x.objs
	x.wakes = cfg.Random || cfg.Schedule != nil
	x.threads.add(x, nil)
	x.final = &thread{x: x, id: 0}
	if cfg.Schedule != nil && !cfg.Unrecorded {
		x.rec = newRecorder()
		x.rec.raceless = cfg.raceless && cfg.RacedOnly
	}
	x.texts = texts{exec: &x.exec, threads: &x.threads, objs: &x.objs, chans: &x.chans, memory: &x.memory, rec: x.rec}
	return x
}

// close ends the coroutines.
func (x *Explorer) close() {
	active.Store(x)
	x.killAll()
	for _, t := range append(x.threads, x.final) {
		t.closeCoro()
	}
	active.Store(nil)
}

// Explore runs one execution of body for each class of equivalent ones, until
// it finds a failure or reaches a bound. reason is empty if all were explored.
func Explore(cfg Config, body func()) (s Stats, found *Found, reason string) {
	exploring.Lock()
	defer exploring.Unlock()
	s, found, reason = explore(cfg, body)
	if found == nil || cfg.Schedule != nil {
		return s, found, reason
	}
	if cfg.Failing != nil {
		cfg.Failing()
	}
	return s, shrink(cfg, body, s, reproduce(cfg, body, found)), reason
}

// reproduce runs the execution of found again, to record it.
func reproduce(cfg Config, body func(), found *Found) *Found {
	cfg.Schedule, cfg.Deadline, cfg.Stop = found.Schedule, time.Time{}, nil
	cfg.NoRounds, cfg.Census, cfg.raceless = found.NoRounds, found.Census, found.Kind != Race
	_, again, _ := explore(cfg, body)
	if found.isLike(again) {
		again.Schedule, again.NoRounds, again.Census = found.Schedule, found.NoRounds, found.Census
		return again
	}
	found.Unsure = true
	if again != nil {
		found.Steps, found.Objects, found.Plains, found.Threads, found.Raced = again.Steps, again.Objects, again.Plains, again.Threads, again.Raced
	}
	if found.Kind != Outlived && found.Kind != Nondeterminism {
		found.Text = append(found.Text, "the same schedule did not fail when it was run again: the program depends on something besides it")
	}
	return found
}

// Stats returns the present counts.
func (x *Explorer) Stats() Stats { return x.stats }

func explore(cfg Config, body func()) (Stats, *Found, string) {
	x := newExplorer(cfg, body)
	defer x.close()
	x.stats.Census = cfg.Census
	if cfg.canShare() {
		x.sharing = &sharing{x: x, helper: cfg.Helper}
	}
	found, reason := x.explore()
	x.sharing.finish()
	if found == nil && (reason == needsCensus || reason == needsRounds || reason == needsOffers || reason == needsOrder) {
		cfg.Census = cfg.Census || reason == needsCensus
		cfg.offers = cfg.offers || reason == needsOffers
		cfg.ordersCounts = cfg.ordersCounts || reason == needsOrder
		cfg.NoRounds = cfg.NoRounds || reason == needsRounds
		return explore(cfg, body)
	}
	if found == nil && x.deviatesOften() && !cfg.NoRounds {
		cfg.NoRounds = true
		return explore(cfg, body)
	}
	if found == nil && x.foundShared != nil {
		found, reason = x.foundShared, ""
	}
	return x.stats, found, reason
}

// Rounds that turn out not to wait cost a run of the execution each. If there are more than
// manyDeviations and deviationsEach for each execution so far, Repeats is no longer used:
// executions in which loops are unrolled cost less then.
const (
	manyDeviations = 50
	deviationsEach = 8
)

func (x *Explorer) deviatesOften() bool {
	return x.asked && x.deviated > manyDeviations+deviationsEach*x.advanced
}

func (x *Explorer) explore() (found *Found, reason string) {
	for {
		x.runOnce()
		if x.isUnusual() && x.sharing.retreat(x.failure()) {
			continue
		}
		switch {
		case x.found != nil:
			x.stats.Executions++
			x.found = x.failure()
			x.doubt()
			x.found.record(x)
			return x.found, ""
		case x.ending == restarting:
			switch why := x.limits.after(x.exec.depth); {
			case why != "":
				return nil, why
			case x.deviatesOften():
				return nil, "rounds"
			}
			continue
		case x.ending == redundant:
			x.stats.Blocked++
		case x.ending == complete:
			x.stats.Executions++
		}
		if x.ending == tooLong {
			reason = "steps, " + x.texts.lastSteps()
			if !x.cfg.Random {
				return nil, reason
			}
			x.stats.Blocked++ // it counts, and others may be shorter
		}
		if x.ending == cutShort {
			return nil, x.why
		}
		if x.cfg.Schedule != nil {
			x.found = &Found{Schedule: x.cfg.Schedule}
			x.found.record(x)
			return x.found, "replay"
		}
		if bound, more := x.advance(); !more {
			if reason = cmp.Or(reason, bound); reason == "" && x.stats.Executions == 0 && x.stack.floor == 0 {
				reason = "no execution has come to its end"
			}
			return nil, reason
		}
	}
}

// isUnusual reports whether the execution has ended in a way that may end the exploration,
// or change how it is made; but for a bound on time.
func (x *Explorer) isUnusual() bool {
	return x.found != nil || x.ending == tooLong || x.ending == cutShort && x.why != timeout && x.why != stopped
}

// failure is the failure that was found in this execution, with its schedule.
func (x *Explorer) failure() *Found {
	if x.found != nil {
		x.found.Schedule, x.found.NoRounds, x.found.Census = x.schedule(), x.cfg.NoRounds, x.cfg.Census
	}
	return x.found
}

// advance prepares the next execution.
func (x *Explorer) advance() (reason string, more bool) {
	if x.cfg.Random {
		x.stack.prefix, x.stack.fresh = 0, -1
		x.stack.passes = x.stack.passes[:0]
	} else {
		if x.reverseRaces(); x.why != "" {
			return x.why, false
		}
		if !x.backtrack(x.exec.depth) {
			if x.bounded {
				return "preemptions", false
			}
			return "", false
		}
		if x.sharing != nil {
			x.sharing.exchange()
		}
	}
	return x.limit()
}

func (x *Explorer) limit() (reason string, more bool) {
	if x.cfg.MaxExecutions > 0 && x.stats.Executions+x.stats.Blocked >= x.cfg.MaxExecutions {
		return "executions", false
	}
	if x.cfg.TotalSteps > 0 && x.stats.Steps >= x.cfg.TotalSteps {
		return "steps of all executions", false
	}
	x.advanced++
	if why := x.limits.after(1); why != "" {
		return why, false
	}
	if x.cfg.Progress != nil && x.advanced%1024 == 0 {
		x.cfg.Progress(x.stats)
	}
	if x.cfg.Pause != nil && x.cfg.Pause() {
		return paused, false
	}
	return "", true
}

// runOnce runs one execution.
func (x *Explorer) runOnce() {
	x.reset()
	active.Store(x)
	x.begin(x.threads[0], nil, x.body)
	if x.ending == running {
		x.next = x.pick()
	}
	for x.next != nil && x.ending == running {
		t := x.next
		x.next = nil
		t.resume()
	}
	if x.ending == complete {
		x.judge()
		if x.found == nil {
			x.noteBlocked()
		}
		x.runFinals()
	}
	if x.trail != nil {
		x.trail.finish(x)
	}
	if x.ending == redundant {
		x.noteBlocked()
	}
	x.killAll()
	active.Store(nil)
	x.cur = nil
	x.stats.Steps += int64(x.exec.depth)
}

func (x *Explorer) reset() {
	runs++
	x.objs.begin(runs)
	x.spins, x.waiters = 0, 0
	x.begun = x.begun[:0]
	x.exec.reset(min(x.stack.prefix, x.stack.racesUpTo))
	x.reversals.reset(x.exec.stride)
	x.counters.reset()
	x.finals = x.finals[:0]
	x.memory.reset()
	x.chans.reset()
	x.time.reset()
	x.killing, x.solo, x.ending = false, false, running
	x.next, x.at = nil, round{}
	x.probe.end()
	x.found, x.altered, x.collections, x.initializing = nil, "", 0, false
	x.census, x.processor = Header{}, Header{}
	for _, t := range x.threads {
		t.reset()
	}
	if x.rec != nil {
		x.rec.reset()
	}
}

func (x *Explorer) killAll() {
	x.killing = true
	for _, t := range x.threads {
		t.kill()
	}
	x.final.kill()
}

// restart ends the execution, to run it again from its beginning.
func (x *Explorer) restart() {
	x.stack.prefix, x.stack.fresh = x.exec.depth, -1
	x.end(restarting)
}

// end ends the execution from inside one of its goroutines.
func (x *Explorer) end(e ending) {
	if x.ending == running || e == failed {
		x.ending = e
	}
	x.next = nil
	x.cur.park()
}

// GiveUp ends an execution that loops without steps, in the same way as one that
// is too long.
func (x *Explorer) GiveUp() {
	if !x.killing {
		x.end(tooLong)
	}
}

// Final makes fn run after all goroutines have ended or are idle.
func (x *Explorer) Final(fn func()) { x.finals = append(x.finals, fn) }

// runFinals runs the functions of Final. Everything happens before them.
func (x *Explorer) runFinals() {
	if len(x.finals) == 0 || x.found != nil {
		return
	}
	x.solo = true
	x.final.reset()
	x.final.clock = x.exec.zeroClock(x.final.clock)
	for _, t := range x.threads {
		if t.started {
			join(x.final.clock, t.clock)
		}
	}
	x.final.live = true
	x.final.fn = func() {
		for i := 0; i < len(x.finals); i++ { // a function may call Final
			x.finals[i]()
		}
	}
	x.final.resume()
}

// Untouched reports whether all effects of the program so far are in its
// memory: none is only in the explorer's state.
func (x *Explorer) Untouched() bool {
	if x.threads[0].nkids > 0 || x.chans.n > 0 || len(x.time.list) > 0 || x.time.now != x.cfg.Epoch || len(x.finals) > 0 {
		return false
	}
	for i := range x.objs.all() {
		o := x.objs.at(int32(i))
		if o.held || o.count != 0 && o.typ != "Once" || o.called != o.tickets || len(o.items) > 0 {
			return false
		}
	}
	return true
}
