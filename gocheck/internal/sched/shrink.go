package sched

import "time"

// The search for a schedule with fewer preemptions may take so many steps, and
// besides them twice as many as the failure took to be found. Steps and not time
// bound it: the outcome is to be the same on every machine.
const shrinkSteps = 100_000

// shrink returns a failure of the same kind as found with fewer preemptions, if
// there is one to be found. If the search for the fewest is too long, the program is
// explored again with a bound on preemptions, from zero on: that leaves out
// equivalent executions, of which another may be within the bound.
func shrink(cfg Config, body func(), first Stats, found *Found) *Found {
	if !cfg.Shrink || found.Unsure {
		return found
	}
	cfg.Random, cfg.MaxExecutions, cfg.Deadline = false, 0, time.Time{}
	cfg.TotalSteps, cfg.NoRounds = shrinkSteps+2*first.Steps, found.NoRounds
	less, complete := fewest(cfg, body, found)
	if !complete {
		less = explorePreempted(cfg, body, found)
	}
	if less == nil {
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
		if less != nil && less.Kind == found.Kind {
			return less
		}
	}
	return nil
}

// A trail is an execution that was run, and where it might have gone on otherwise.
type trail struct {
	steps []trailStep
	given int // steps that were given; after them nobody was preempted
}

type trailStep struct {
	thread, choice int32
	choices        int32   // how many it had
	can            []int32 // who could go on
	preempts       int     // up to here
}

// A detour leaves a trail before a step, for another thread or choice.
type detour struct {
	*trail
	at             int
	thread, choice int32
}

func (b detour) schedule() *Schedule {
	s := &Schedule{Choices: map[int]int32{}}
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

// fewest takes all executions in the order of their preemptions, with fewer than
// found has; complete, if it came to the end or to a failure.
func fewest(cfg Config, body func(), found *Found) (less *Found, complete bool) {
	left := cfg.TotalSteps
	queue := make([][]detour, found.Preemptions)
	run := func(s *Schedule) *Found {
		t, f := follow(cfg, body, s)
		left -= int64(len(t.steps))
		t.fork(queue)
		return f
	}
	next := &Schedule{}
	for level := range queue {
		for {
			if next != nil {
				if f := run(next); f != nil && f.Failed && f.Kind == found.Kind {
					return f, true
				}
			}
			if left <= 0 {
				return nil, false
			}
			n := len(queue[level])
			if n == 0 {
				next = nil
				break
			}
			next = queue[level][n-1].schedule()
			queue[level] = queue[level][:n-1]
		}
	}
	return nil, true
}

// follow runs the execution that begins with s, and goes on without a preemption.
func follow(cfg Config, body func(), s *Schedule) (*trail, *Found) {
	cfg.Schedule, cfg.Unrecorded = s, true
	x := newExplorer(cfg, body)
	defer x.close()
	x.trail = &trail{given: len(s.Threads)}
	x.firstRun = runs + 1
	found, _ := x.explore()
	return x.trail, found
}

// fork puts the other ways to go on into the queue that has them by their
// preemptions.
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

// costOf is 1 if it preempts the thread before that other goes on at d.
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

// leave notes that thread chosen goes on at d.
func (t *trail) leave(x *Explorer, d int, chosen *thread) {
	s := trailStep{thread: chosen.id, choice: x.nodes[d].choice, preempts: int(x.nodes[d].preempts)}
	for _, o := range x.threads {
		if x.enabled(o) {
			s.can = append(s.can, o.id)
		}
	}
	t.steps = append(t.steps[:d], s)
}

// finish notes the choices that steps had.
func (t *trail) finish(x *Explorer) {
	t.steps = t.steps[:min(len(t.steps), x.depth)]
	for d := range t.steps {
		if e := &x.events[d]; e.code.chooses() {
			t.steps[d].choices = e.arg
			t.steps[d].choice = e.choice
		}
	}
}
