package sched

import (
	"math"
	"slices"
)

// A walk chooses the steps of a random execution: each is of any thread that can
// run or, if the walk is ranked, of the one with the highest rank.
//
// The ranks are random, and at a few random steps the thread that would run falls
// behind all others. This finds a bug that needs d such changes with a probability
// that depends on the length to the power of d, not on the number of interleavings:
// Burckhardt, Kothari, Musuvathi, Nagarakatte, A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010.
type walk struct {
	ranked  bool
	ranks   []int64 // of threads
	lowest  int64
	changes []int // events
	longest int   // of the executions so far
}

const (
	mostChanges = 3    // of ranks, in an execution
	firstLength = 1000 // the assumed number of steps before the first execution
)

func (x *Explorer) beginWalk() {
	w := &x.walk
	n := x.advanced
	w.ranked = x.cfg.Ranked && n%2 == 1
	w.ranks, w.lowest, w.changes = w.ranks[:0], 0, w.changes[:0]
	if w.longest == 0 {
		w.longest = firstLength
	}
	for range n / 2 % (mostChanges + 1) {
		w.changes = append(w.changes, x.rng.IntN(w.longest))
	}
}

// pickRandom follows the walk.
func (x *Explorer) pickRandom(d int) *thread {
	if d == 0 {
		x.beginWalk()
	}
	can := x.can[:0]
	for _, t := range x.threads {
		if x.enabled(t) {
			can = append(can, t)
		}
	}
	x.can = can
	x.stack.nodes[d].reset()
	if len(can) == 0 {
		x.walk.longest = max(x.exec.depth, 1)
		x.ending = complete
		return nil
	}
	t := x.pickWalk(d, can)
	x.stack.nodes[d].thread = t.id
	x.stack.nodes[d].choice = x.randomChoice(t)
	return t
}

// pickRanked is the highest-ranking thread that can run. Its rank is lowered now and
// then: it may wait for others in a loop, or two threads may keep each other busy.
func (x *Explorer) pickRanked(d int, can []*thread) *thread {
	t := x.leader(can)
	if d%longStreak == longStreak-1 || slices.Contains(x.walk.changes, d) {
		x.walk.lowest--
		x.walk.ranks[t.id] = x.walk.lowest
		t = x.leader(can)
	}
	return t
}

func (x *Explorer) leader(can []*thread) *thread {
	w := &x.walk
	for len(w.ranks) < len(x.threads) {
		w.ranks = append(w.ranks, x.rng.Int64N(math.MaxInt64))
	}
	first := can[0]
	for _, t := range can {
		if w.ranks[t.id] > w.ranks[first.id] {
			first = t
		}
	}
	return first
}

func (x *Explorer) pickWalk(d int, can []*thread) *thread {
	if x.walk.ranked {
		return x.pickRanked(d, can)
	}
	return can[x.rng.IntN(len(can))]
}

// randomChoice is any of the choices of t's step.
func (x *Explorer) randomChoice(t *thread) int32 {
	n := 1
	switch t.op.code {
	case choose:
		n = int(t.op.arg)
	case chanSelect, chanTry:
		n = max(1, len(x.chans.alternatives(t)))
	}
	if n == 1 {
		return 0
	}
	return int32(x.rng.IntN(n))
}
