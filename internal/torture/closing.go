package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"crosscall"
)

// giveUp begins a Close and gives it up, because a function blocks one of the CPUs
// meanwhile. It owns the phases of all CPUs, because all of them go offline and
// online.
func (r *run) giveUp(quit chan struct{}, rng *rand.Rand) {
	if !r.ownAll(quit) {
		return
	}
	defer r.disownAll(r.cpus)
	begun, release := make(chan struct{}), make(chan struct{})
	hold := func(*crosscall.CPU) { close(begun); <-release }
	if err := r.sys.Post(r.cpus[rng.IntN(len(r.cpus))], hold); err != nil {
		r.mayFail("Post", nil, err)
		return
	}
	<-begun
	r.count(opCloseContext)
	r.attempts.begun.Add(1)
	defer r.attempts.ended.Add(1)
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rng.IntN(1000))*time.Microsecond)
	defer cancel()
	err := r.sys.CloseContext(ctx)
	close(release)
	r.noteErr(err)
	if !errors.Is(err, context.DeadlineExceeded) && !(err == nil && r.ending.Load()) {
		r.fail("CloseContext while a function runs: %v", err)
	}
}

// ownAll makes the phases of all CPUs odd, one after the other as they go online.
// No other goroutine waits for a phase. It returns false if quit was closed
// meanwhile.
func (r *run) ownAll(quit chan struct{}) bool {
	for i, cpu := range r.cpus {
		for !r.own(cpu) {
			if !pause(quit, 100*time.Microsecond) {
				r.disownAll(r.cpus[:i])
				return false
			}
		}
	}
	return true
}

// own makes the phase of a CPU odd if it is even.
func (r *run) own(cpu int) bool {
	s := r.cpuStates[cpu]
	phase := s.phase.Load()
	return phase%2 == 0 && s.phase.CompareAndSwap(phase, phase+1)
}

func (r *run) disownAll(cpus []int) {
	for _, cpu := range cpus {
		r.cpuStates[cpu].phase.Add(1)
	}
}

// mayBeClosed reports whether t's call may return ErrClosed: Close has been called,
// or a function has made the call during a Close that was given up. A goroutine waits
// until that is decided, except in TryPost.
func (r *run) mayBeClosed(t *task) bool {
	return r.ending.Load() || (!t.guest || t.tries) && r.attempts.begun.Load() > t.attempted
}
