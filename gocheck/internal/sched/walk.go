package sched

import (
	"math"
	"math/rand/v2"
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
	rng     *rand.Rand
	ranked  bool
	ranks   []int64 // of threads
	lowest  int64
	changes []int // events
	longest int   // of the executions so far
	can     []*thread
}

const (
	mostChanges = 3    // of ranks, in an execution
	firstLength = 1000 // the assumed number of steps before the first execution
)

// begin begins execution n. If the walk may be ranked, every other one is.
func (w *walk) begin(n int, mayRank bool) {
	w.ranked = mayRank && n%2 == 1
	w.ranks, w.lowest, w.changes = w.ranks[:0], 0, w.changes[:0]
	if w.longest == 0 {
		w.longest = firstLength
	}
	for range n / 2 % (mostChanges + 1) {
		w.changes = append(w.changes, w.rng.IntN(w.longest))
	}
}

// pick is the thread, of those that can run, that takes step d. There are n threads in all.
func (w *walk) pick(d int, can []*thread, n int) *thread {
	if w.ranked {
		return w.pickRanked(d, can, n)
	}
	return can[w.rng.IntN(len(can))]
}

// pickRanked is the highest-ranking thread that can run. Its rank is lowered now and
// then: it may wait for others in a loop, or two threads may keep each other busy.
func (w *walk) pickRanked(d int, can []*thread, n int) *thread {
	t := w.leader(can, n)
	if d%longStreak == longStreak-1 || slices.Contains(w.changes, d) {
		w.lowest--
		w.ranks[t.id] = w.lowest
		t = w.leader(can, n)
	}
	return t
}

// leader is the highest-ranking thread of can. All n threads have ranks.
func (w *walk) leader(can []*thread, n int) *thread {
	for len(w.ranks) < n {
		w.ranks = append(w.ranks, w.rng.Int64N(math.MaxInt64))
	}
	first := can[0]
	for _, t := range can {
		if w.ranks[t.id] > w.ranks[first.id] {
			first = t
		}
	}
	return first
}

// choice is one of n.
func (w *walk) choice(n int) int32 {
	if n == 1 {
		return 0
	}
	return int32(w.rng.IntN(n))
}

// pickRandom follows the walk.
func (x *Explorer) pickRandom(d int) *thread {
	w := &x.walk
	if d == 0 {
		w.begin(x.advanced, x.cfg.Ranked)
	}
	w.can = w.can[:0]
	for _, t := range x.threads {
		if x.enabled(t) {
			w.can = append(w.can, t)
		}
	}
	n := &x.stack.nodes[d]
	n.reset()
	if len(w.can) == 0 {
		w.longest = max(x.exec.depth, 1)
		x.ending = complete
		return nil
	}
	t := w.pick(d, w.can, len(x.threads))
	n.thread, n.choice = t.id, w.choice(x.choices(t))
	return t
}

// choices is how many choices t's step has.
func (x *Explorer) choices(t *thread) int {
	switch t.op.code {
	case choose:
		return int(t.op.arg)
	case chanSelect, chanTry:
		return max(1, len(x.chans.alternatives(t)))
	}
	return 1
}
