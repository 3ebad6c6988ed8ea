package sched

import (
	"cmp"
	"time"
)

// The search for a schedule with fewer preemptions may take so many steps. The
// bounded exploration may take as many, plus half of the steps that it took to
// find the failure. They are bounded by steps and not by time, so that the result
// is the same on every machine.
const shrinkSteps = 100_000

// shrink returns a failure of the same kind as found with fewer preemptions, if it
// finds one. If the search for the fewest is too long, the program is explored again
// with a bound on preemptions, from zero on. That leaves out equivalent executions,
// although one of them may be within the bound. Then preemptions are removed from
// the schedule one by one.
func shrink(cfg Config, body func(), first Stats, found *Found) *Found {
	if !cfg.Shrink || found.Unsure {
		return found
	}
	cfg.Random, cfg.MaxExecutions, cfg.Deadline = false, 0, time.Time{}
	cfg.NoRounds, cfg.Census = found.NoRounds, found.Census
	less, complete := fewest(cfg, body, found)
	if less == nil && !complete {
		cfg.TotalSteps = shrinkSteps + first.Steps/2
		less = mergeBlocks(cfg, body, cmp.Or(explorePreempted(cfg, body, found), found))
	}
	if less == nil || less == found {
		found.MayShrink = !complete
		return found
	}
	if less = reproduce(cfg, body, less); less.Unsure {
		found.MayShrink = true
		return found
	}
	less.MayShrink = !complete
	return less
}

func explorePreempted(cfg Config, body func(), found *Found) *Found {
	left := cfg.TotalSteps
	for cfg.Preemptions = 0; cfg.Preemptions < found.Preemptions && left > 0; cfg.Preemptions++ {
		cfg.TotalSteps = left
		s, less, _ := explore(cfg, body)
		left -= s.Steps
		if found.isLike(less) {
			less.Preemptions = cfg.Preemptions
			return less
		}
	}
	return nil
}

// isLike reports whether other is a failure of the same kind.
func (f *Found) isLike(other *Found) bool {
	return other != nil && other.Failed && !other.Unsure && other.Kind == f.Kind
}

// A trail is an execution that was run, with the other ways in which it could have
// gone on.
type trail struct {
	steps []trailStep
	given int // steps that were given; after them no thread was preempted
}

type trailStep struct {
	thread, choice int32
	choices        int32   // how many it had
	can            []int32 // the threads that could go on
	preempts       int     // up to here
}

// A detour leaves a trail before a step, for another thread or choice. The zero
// detour has no given steps.
type detour struct {
	*trail
	at             int
	thread, choice int32
}

func (b detour) schedule() *Schedule {
	s := &Schedule{Choices: map[int]int32{}}
	if b.trail == nil {
		return s
	}
	for d, t := range b.steps[:b.at] {
		s.Threads = append(s.Threads, t.thread)
		if t.choice != 0 {
			s.Choices[d] = t.choice
		}
	}
	s.Threads = append(s.Threads, b.thread)
	if b.choice != 0 {
		s.Choices[b.at] = b.choice
	}
	return s
}

// fewest runs all executions with fewer preemptions than found, in the order of
// their preemptions. complete reports whether it has run all, or found a
// failure.
func fewest(cfg Config, body func(), found *Found) (less *Found, complete bool) {
	queue := make([][]detour, found.Preemptions)
	left, complete := shrinkSteps, true
	for level := range queue {
		if level == 0 {
			queue[0] = []detour{{}} // all of it
		}
		for len(queue[level]) > 0 {
			if left <= 0 {
				return nil, false
			}
			n := len(queue[level]) - 1
			next := queue[level][n]
			queue[level] = queue[level][:n]
			t, f := follow(cfg, body, next.schedule())
			left -= len(t.steps)
			if t.preemptions() > level {
				complete = false // it took too many steps without
				continue
			}
			if found.isLike(f) {
				return f, complete
			}
			t.fork(queue)
		}
	}
	return nil, complete
}

func (t *trail) preemptions() int {
	if len(t.steps) == 0 {
		return 0
	}
	return t.steps[len(t.steps)-1].preempts
}

// follow runs the execution that begins with s and then has no preemption.
func follow(cfg Config, body func(), s *Schedule) (*trail, *Found) {
	cfg.Schedule, cfg.Unrecorded = s, true
	x := newExplorer(cfg, body)
	defer x.close()
	x.trail = &trail{given: len(s.Threads)}
	found, _ := x.explore()
	return x.trail, found
}

// fork adds the other ways to go on to the queue, by their preemptions.
func (t *trail) fork(queue [][]detour) {
	put := func(preempts int, b detour) {
		if preempts < len(queue) {
			queue[preempts] = append(queue[preempts], b)
		}
	}
	for d := max(0, t.given-1); d < len(t.steps); d++ {
		s := &t.steps[d]
		for c := int32(1); c < s.choices && s.choice == 0; c++ {
			put(s.preempts, detour{t, d, s.thread, c})
		}
		if d < t.given {
			continue
		}
		before := 0
		if d > 0 {
			before = t.steps[d-1].preempts
		}
		for _, other := range s.can {
			if other != s.thread {
				put(before+s.costOf(t, d, other), detour{t, d, other, 0})
			}
		}
	}
}

// costOf is 1 if going on with other at d preempts the thread before.
func (s *trailStep) costOf(t *trail, d int, other int32) int {
	if d == 0 || t.steps[d-1].thread == other {
		return 0
	}
	for _, c := range s.can {
		if c == t.steps[d-1].thread {
			return 1
		}
	}
	return 0
}

// leave notes that the thread chosen goes on at d.
func (t *trail) leave(x *Explorer, d int, chosen *thread) {
	s := trailStep{thread: chosen.id, choice: x.stack.nodes[d].choice, preempts: int(x.stack.nodes[d].preempts)}
	for _, o := range x.threads {
		if x.enabled(o) {
			s.can = append(s.can, o.id)
		}
	}
	t.steps = append(t.steps[:d], s)
}

// finish notes the choices that steps had.
func (t *trail) finish(x *Explorer) {
	t.steps = t.steps[:min(len(t.steps), x.exec.depth)]
	for d := range t.steps {
		if e := &x.exec.events[d]; e.code.chooses() {
			t.steps[d].choices = e.arg
			t.steps[d].choice = e.choice
		}
	}
}
