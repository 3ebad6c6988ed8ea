package sched

import (
	"math"
	"slices"
)

// An exploration may be shared with a helper, which is another process that explores the
// same program.
//
// Between two executions, let n be the first node of the path that has another branch
// left. The helper gets what is left below n's present branch (see subtask.go), and the
// explorer goes on with n's next branch, as if the present one were explored. The helper
// pauses soon, and sends back what is left. The explorer keeps that, to give it to the
// helper again, or to go on with it when nothing else is left after n.
//
// Claim: the executions that come to their end are those of one explorer, each once.
//
// Proof: the branches of a node are explored in the same order with the same sleeping
// threads, whoever explores them: when n's next branch is taken, the present one sleeps,
// and its step is known. So no two executions are equivalent. None is lost if each race
// requests its reversal, at a node that has not been left. A race in the helper whose first
// event is one of n's path requests it from the explorer, which has not left n before the
// helper's work is done. The request is needless if the sequence can begin with a branch
// that has been taken: that branch is explored with all that follows, except what
// begins with a thread that sleeps there, and is explored elsewhere.
//
// Smallest execution: two threads, each with two steps on one variable. The reversal of the
// first two is requested after the first execution. The helper gets the executions that begin
// with the first thread, the explorer has those that begin with the second.
//
// One thing differs: a request may come when a branch with which it could have been merged
// has been taken. So more executions may be begun that are given up.
//
// The answer is that of one explorer alone. An execution that ends in any but the ordinary way
// takes the exploration back to where it was before it was shared, and it goes on alone.

// A Helper is the way to another process that explores the same program. It has one subtask
// at a time.
type Helper interface {
	Ready() bool                      // it waits for a subtask
	Start(subtask []byte)             // gives it one
	Report() (report []byte, ok bool) // the report on it, if it has come; nil: none will come
	Await() (report []byte)           // waits for the report; nil: none will come
}

type sharing struct {
	x         *Explorer
	helper    Helper
	start     []byte     // the exploration as it was before it was shared; nil: it was not
	before    tally      // what was counted before that
	offloaded *portion   // explored by the helper
	kept      []*portion // came back from the helper
}

// A tally is what the explorations of parts add up.
type tally struct {
	stats    Stats
	deviated int
	asked    bool
}

// A portion is what is left below one branch of the node at depth.
type portion struct {
	depth   int
	subtask []byte
}

// exchange takes the helper's report, and gives the helper a subtask.
func (s *sharing) exchange() {
	if s.offloaded != nil {
		r, ok := s.helper.Report()
		if !ok || !s.join(r) {
			return
		}
	}
	switch {
	case s.x.exec.clocked != math.MaxInt || !s.helper.Ready(): // the path has not been run here
	case len(s.kept) == 0:
		s.split()
	default:
		s.offload(s.kept[0])
		s.kept = s.kept[1:]
	}
}

func (s *sharing) offload(p *portion) {
	s.offloaded = p
	s.helper.Start(p.subtask)
}

// split gives the helper what is left below the first node with another branch.
func (s *sharing) split() {
	x := s.x
	for d := range x.stack.fresh {
		n := &x.stack.nodes[d]
		if !n.hasBranch(&x.stack.tree) || n.hasChoice(&x.exec.events[d]) {
			continue
		}
		if s.start == nil {
			s.start, s.before = x.save(0), x.tally()
		}
		s.offload(&portion{d, x.save(d + 1)})
		for k := d + 1; k < x.stack.prefix; k++ {
			x.stack.nodes[k].abandon(&x.stack.tree)
		}
		x.backtrack(d + 1)
		return
	}
}

// joinFrom is joinAt for the nodes from the deepest one down to that at depth, which the last
// execution has not left by a step.
func (s *sharing) joinFrom(depth int) bool {
	last := -1
	for _, p := range s.kept {
		last = max(last, p.depth)
	}
	if s.offloaded != nil {
		last = max(last, s.offloaded.depth)
	}
	for d := last; d >= depth; d-- {
		if s.joinAt(d) {
			return true
		}
	}
	return false
}

// joinAt is called when no branch is left at the node at d. It reports whether there is a
// next execution: what the helper has left, or what it has requested.
func (s *sharing) joinAt(d int) bool {
	x := s.x
	for {
		if i := slices.IndexFunc(s.kept, func(p *portion) bool { return p.depth == d }); i >= 0 {
			p := s.kept[i]
			s.kept = slices.Delete(s.kept, i, i+1)
			if !x.load(p.subtask, d+1) {
				s.goAlone(nil)
			}
			return true
		}
		if s.offloaded == nil || s.offloaded.depth != d {
			return false
		}
		if !s.join(s.helper.Await()) {
			return true
		}
		if x.stack.nextBranch(&x.stack.nodes[d]) {
			return x.stack.follow(d)
		}
	}
}

// join adds the helper's report. It returns false if the exploration goes on alone.
func (s *sharing) join(text []byte) bool {
	x, p := s.x, s.offloaded
	s.offloaded = nil
	r, ok := x.readReport(text, p.depth+1)
	if !ok || r.unusual != "" || x.tried && x.heldBack && !x.cfg.NoRounds {
		s.goAlone(r.failure())
		return false
	}
	x.add(r.tally)
	for i := range r.requests {
		x.stack.grant(&r.requests[i])
	}
	if p.subtask = r.rest; len(r.rest) > 0 {
		s.kept = append(s.kept, p)
	}
	return true
}

// retreat makes the exploration go on alone, if it was shared.
func (s *sharing) retreat(found *Found) bool {
	if s == nil || s.start == nil {
		return false
	}
	s.goAlone(found)
	return true
}

// goAlone puts back the exploration as it was before it was shared. If a failure was
// found since, it is reported if a bound is reached first.
func (s *sharing) goAlone(found *Found) {
	x := s.x
	x.sharing, x.foundShared = nil, found
	for i := range x.stack.nodes {
		x.stack.nodes[i].alts, x.stack.nodes[i].sub = nothing, nothing
	}
	x.stack.tree = tree{unused: nothing}
	x.tried, x.heldBack = false, false
	x.load(s.start, 0)
	x.stats, x.deviated, x.asked = s.before.stats, s.before.deviated, s.before.asked
}

// finish adds what the helper has explored when the exploration has to end.
func (s *sharing) finish() {
	if s == nil || s.offloaded == nil {
		return
	}
	if r, ok := s.x.readReport(s.helper.Await(), s.offloaded.depth+1); ok {
		s.x.add(r.tally)
		s.x.foundShared = r.failure()
	}
	s.offloaded = nil
}

func (x *Explorer) tally() tally { return tally{x.stats, x.deviated, x.asked} }

func (x *Explorer) add(c tally) {
	x.stats.Executions += c.stats.Executions
	x.stats.Blocked += c.stats.Blocked
	x.stats.Steps += c.stats.Steps
	x.stats.Timed = x.stats.Timed || c.stats.Timed
	x.deviated += c.deviated
	x.asked = x.asked || c.asked
}

// hasBranch reports whether n has a branch left whose thread does not sleep.
func (n *node) hasBranch(t *tree) bool {
	for w := n.alts; w != nothing; w = t.nodes[w].next {
		if !n.sleep.has(t.nodes[w].thread) {
			return true
		}
	}
	return false
}

// abandon drops what is left at n.
func (n *node) abandon(t *tree) {
	t.drop(n.alts)
	t.drop(n.sub)
	n.alts, n.sub = nothing, nothing
}
