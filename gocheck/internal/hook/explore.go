package hook

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"crosscall/gocheck/internal/sched"
)

var classified bool // what is needed before the first exploration is done

// Explore runs one execution of body for each class of equivalent ones.
func Explore(name string, body func()) Outcome {
	if !classified {
		stopStrangers()
		startClock()
		estranged.Store(set.testMain || runtime.NumGoroutine() > ownGoroutines)
		prepareState()
		heedInterrupts()
		classified = true
	}
	start := time.Now()
	late := &overrun{name: name, start: start}
	defer watch(late)()
	contexts, subtests, prints = false, false, false
	mute(true)
	defer mute(false)
	if set.assists > 0 {
		assist(body, late)
	}
	end := deadline(start)
	p := newPartner(start, end)
	defer p.close()
	s := newSearch(body, end, late)
	s.partner = p
	s.whole()
	if contexts {
		s = newSearch(body, end, late)
		s.partner = p
		s.whole()
	}
	if subtests || prints || printed() {
		s.list()
	}
	return outcome(name, s, time.Since(start))
}

// contexts says whether the contexts of tests are cancelled at their ends. If the
// test asks for a context while they are not, it is explored again.
var contexts bool

// Contexts is contexts, for package testing.
func Contexts() bool { return contexts }

// UseContext is called when an explored test asks for a context.
func UseContext() { contexts = true }

var (
	subtests bool // the test has some
	listing  bool // the present execution reports the results of subtests
)

// Subtest is called when an explored subtest begins. It returns Listing.
func Subtest() bool {
	subtests = true
	return listing
}

// Listing reports whether the present execution reports the results of its subtests.
func Listing() bool { return listing }

// list runs the execution whose subtests and output are shown: the one that failed, else
// one in which goroutines follow one another.
func (s *search) list() {
	cfg := s.cfg
	cfg.Random, cfg.Shrink, cfg.Unrecorded, cfg.Deadline = false, false, true, time.Now().Add(time.Second)
	cfg.Schedule = &sched.Schedule{}
	if s.found != nil {
		cfg.Schedule, cfg.NoRounds, cfg.Census = s.found.Schedule, s.found.NoRounds, s.found.Census
	}
	listing = true
	sched.Explore(cfg, s.execution)
	listing = false
	printed()
}

func newSearch(body func(), end time.Time, late *overrun) *search {
	s := &search{cfg: set.config, body: body, end: end}
	s.cfg.Failing = func() { late.failing.Store(true) }
	was := contexts
	s.cfg.Stop = func() bool { return isInterrupted() || contexts != was }
	return s
}

func (s *search) whole() {
	was := contexts
	if !s.warmUp() && contexts == was {
		s.all()
	}
}

// A search is the exploration of a test: all executions by the clock, and then
// executions with other random numbers and with timers at other times, as the flags
// say. A failure ends it.
type search struct {
	cfg  sched.Config
	body func()
	end  time.Time // zero: no bound

	partner *partner // nil: the exploration is not shared

	seed    uint64 // of random numbers, in the present executions
	undrawn uint64 // the state of their generator before the test

	stats  sched.Stats
	found  *sched.Found
	reason string // why the executions by the clock are not complete
}

func (s *search) execution() {
	beginExecution(s.seed)
	own(true)
	defer own(false)
	initialize(s.seed)
	mute(!listing)
	identify(0, identity{goroutine: goroutine()})
	s.undrawn = drawn()
	s.body()
}

// warmUp runs an execution in which goroutines run one after another, the test's
// own first. Objects that a process makes only once are made now, including those
// made at a test's end. It reports whether the test cannot be explored.
func (s *search) warmUp() bool {
	cfg := s.cfg
	cfg.Random, cfg.MaxExecutions, cfg.Deadline = false, 1, s.end
	cfg.Schedule, cfg.Unrecorded = &sched.Schedule{}, true
	state.warming = true
	n, found, _ := sched.Explore(cfg, s.execution)
	state.warming = false
	s.cfg.Census = n.Census
	if found != nil && found.Failed && found.Kind == sched.Unexplored {
		s.found = found
	}
	return s.found != nil
}

func (s *search) all() {
	if set.replay != nil {
		s.cfg.Schedule, s.seed = set.replay, s.cfg.Seed
		s.run(s.cfg)
		if !s.failed() {
			s.cfg.NoRounds = true // the seed may be of an execution without recognized loops
			s.run(s.cfg)
		}
		if !s.failed() {
			s.cfg.NoRounds, s.cfg.Census = false, true // or of one in which goroutines are counted
			s.run(s.cfg)
		}
		return
	}
	clock := s.end
	if set.bothTimers {
		clock = midway(s.end)
	}
	s.explore(clock)
	reason := s.reason
	random := drawn() != s.undrawn
	if s.found == nil && set.bothTimers && s.stats.Timed {
		s.anyTime(reason)
	}
	if s.found == nil && !s.cfg.Random && random {
		s.cfg.TimersAnyTime = set.config.TimersAnyTime
		s.otherSeeds()
	}
	s.reason = reason
	if s.reason == "" && s.cfg.NoRaces {
		s.reason = "races are left out"
	}
}

// failed reports whether the execution that was run again has failed.
func (s *search) failed() bool { return s.found != nil && s.found.Failed && !s.found.Unsure }

// anyTime explores with timers at any time. These are more executions than by the
// clock, so if those were too many, these are too.
func (s *search) anyTime(reason string) {
	s.cfg.TimersAnyTime = true
	if reason == "" || s.cfg.Random {
		s.explore(s.end)
		return
	}
	cfg := s.cfg
	cfg.Deadline = s.end
	s.sample(cfg)
}

// explore runs all executions, or a sample if they are too many for the time until end.
func (s *search) explore(end time.Time) {
	cfg := s.cfg
	if cfg.Deadline = end; !cfg.Random {
		cfg.Deadline = midway(end)
	}
	if s.partner != nil {
		s.partner.end, cfg.Helper = cfg.Deadline, s.partner
	}
	s.run(cfg)
	if s.found == nil && !cfg.Random && (s.reason == "timeout" || strings.HasPrefix(s.reason, "steps")) {
		cfg.Deadline = end
		s.sample(cfg)
	}
}

// run explores. If a failing execution cannot be repeated, it may have made an object
// that a process makes only once: then the test is explored again.
func (s *search) run(cfg sched.Config) {
	var n sched.Stats
	n, s.found, s.reason = sched.Explore(cfg, s.execution)
	if s.found != nil && s.found.Unsure && !s.found.Outside {
		n, s.found, s.reason = sched.Explore(cfg, s.execution)
	}
	s.cfg.Census = s.cfg.Census || n.Census
	s.stats.Executions += n.Executions
	s.stats.Blocked += n.Blocked
	s.stats.Steps += n.Steps
	s.stats.Timed = s.stats.Timed || n.Timed
}

// These bound the executions and, approximately, the steps of a sample.
const (
	samples     = 1000
	sampleSteps = 2_000_000
)

// sample runs random executions, if there are too many to run all, or an endless
// one: one of them may fail.
func (s *search) sample(cfg sched.Config) {
	reason := s.reason
	cfg.Random, cfg.Ranked, cfg.MaxExecutions, cfg.TotalSteps = true, true, samples, sampleSteps
	s.run(cfg)
	s.reason = reason
}

// otherSeeds runs some executions with other random numbers: a test that depends
// on them may fail with one of these.
func (s *search) otherSeeds() {
	reason, stats := s.reason, s.stats
	cfg := s.cfg
	for seed := cfg.Seed + 1; seed <= cfg.Seed+seeds && s.found == nil; seed++ {
		s.seed = seed
		if lacksSnapshot(seed) && s.warmUp() {
			break
		}
		cfg.MaxExecutions, cfg.TotalSteps, cfg.Deadline = perSeed, perSeed*1000, s.end
		s.run(cfg)
	}
	if s.found == nil {
		s.seed, s.stats = 0, stats // the report is about the executions with the first seed
	}
	s.reason = reason
}

const (
	seeds     = 8
	perSeed   = 100 // executions
	firstSeed = 1
)

// midway is in the middle between now and end; zero if there is no end.
func midway(end time.Time) time.Time {
	if end.IsZero() {
		return end
	}
	now := time.Now()
	return now.Add(end.Sub(now) / 2)
}

// flags returns the flags that a replay of the present executions needs, and a
// description of them.
func (s *search) flags() (flags, text string) {
	if s.cfg.TimersAnyTime && set.bothTimers {
		flags += " -timers=any"
		text += ", with timers at any time"
	}
	if s.seed != 0 {
		flags += fmt.Sprintf(" -seed=%d", s.seed)
		text += ", with other random numbers"
	}
	return flags, text
}
