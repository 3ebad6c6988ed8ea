package torture

import (
	"sync/atomic"

	"crosscall"
)

// forced counts Fence, Stop, Offline and the like by goroutines. CPUs serve their
// requests at any depth, after earlier posts of other goroutines.
type forced struct{ begun, ended atomic.Uint64 }

// forcing counts one, until the function that it returns is called.
func (r *run) forcing(who caller) (end func()) {
	if who.cpu != nil {
		return func() {}
	}
	r.forced.begun.Add(1)
	return func() { r.forced.ended.Add(1) }
}

// epoch identifies a period without any. ok is false if there is one at present.
func (f *forced) epoch() (n uint64, ok bool) {
	ended := f.ended.Load()
	n = f.begun.Load()
	return n, n == ended
}

// inBounds checks, at the beginning of t's function, that the CPU is not at its
// limit, if no CPU waits for t or for a later request of the same source.
func (t *task) inBounds(s *cpuState, cpu int) {
	r := t.r
	if !t.guest || s.depth <= crosscall.MaxNesting || r.opts.System.One != crosscall.Lanes {
		return
	}
	if t.alone && r.forced.begun.Load() == t.epoch {
		r.fail("CPU %d: %v, for which no CPU waits, began within %d functions", cpu, t, s.depth-1)
	}
}
