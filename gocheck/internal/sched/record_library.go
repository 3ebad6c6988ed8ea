package sched

import (
	"cmp"
	"slices"
)

// A stdKey names an access by the standard library. There are many of them, so only
// those of a race become steps of a record.
type stdKey struct {
	thread int32
	lo, hi uintptr
	write  bool
}

type stdStep struct {
	epoch  uint32 // of the thread
	before int    // the number of steps that came before
	step   Step
}

// stdAccess notes an access by the standard library. Of those of one thread between two of its
// steps, the first one is kept.
func (r *recorder) stdAccess(t *thread, lo, hi uintptr, write bool) {
	r.latest = stdKey{t.id, lo, hi, write}
	if known, ok := r.stdSteps[r.latest]; ok && known.epoch == t.clock[t.id] {
		return
	}
	r.stdSteps[r.latest] = stdStep{t.clock[t.id], len(r.steps), plainStep(t, lo, hi, write, r.where(t))}
}

// insertLibrary puts the last access of a thread to the byte at lo among the steps.
func (r *recorder) insertLibrary(thread int32, lo uintptr, write bool) {
	var found []stdStep
	for a, s := range r.stdSteps {
		if a.thread == thread && a.write == write && a.lo <= lo && lo < a.hi {
			found = append(found, s)
		}
	}
	if len(found) > 0 {
		last := slices.MaxFunc(found, func(a, b stdStep) int {
			return cmp.Or(a.before-b.before, cmp.Compare(a.step.lo, b.step.lo), cmp.Compare(a.step.hi, b.step.hi))
		})
		r.insert(last.before, last.step)
	}
}

// insert makes s step i.
func (r *recorder) insert(i int, s Step) {
	id := plain{s.lo, s.hi}
	if _, ok := r.plains[id]; !ok {
		r.plains[id] = len(r.plains)
	}
	s.Object = r.plains[id]
	r.steps = slices.Insert(r.steps, i, s)
	for e, at := range r.of {
		if at >= i {
			r.of[e]++
		}
	}
	for t, at := range r.last {
		if at >= i {
			r.last[t]++
		}
	}
}
