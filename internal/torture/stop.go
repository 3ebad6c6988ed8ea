package torture

import (
	"context"
	"errors"
	"math/rand/v2"

	"crosscall"
)

// stop calls Stop. Its function reads the data that functions on all CPUs
// write, guarded only by Stop, and checks that they do not change.
func (r *run) stop(ctx context.Context, who caller, rng *rand.Rand) {
	t := r.newTask(opStop, who, rng)
	t.waits, t.may = true, r.sys.PossibleMask()
	defer r.forcing(who)()
	err := who.Stop(ctx, func(c *crosscall.CPU) { r.stopFunc(t, c, rand.New(rand.NewPCG(t.seed, 1))) })
	r.noteErr(err)
	ran := t.weight()
	switch {
	case ran > 1:
		r.fail("Stop ran its function on %d CPUs", ran)
	case errors.Is(err, crosscall.ErrOffline) && who.cpuState != nil: // the caller's CPU is going offline
		t.refuse()
	case errors.Is(err, crosscall.ErrDeadlock) && who.cpuState != nil: // the caller's CPU is in Offline or Stop
		t.refuse()
	case err == nil || t.panics.Load() > 0 || t.exits.Load() > 0:
		if ran != 1 {
			r.fail("Stop returned %v and its function has not run", err)
		}
		t.judge(err)
	default:
		r.mayFail("Stop", ctx, err)
	}
}

func (r *run) stopFunc(t *task, c *crosscall.CPU, rng *rand.Rand) {
	t.body(c, func(s *cpuState) {
		r.stopped = c.ID() + 1
		defer func() { r.stopped = 0 }()
		before := r.allSteps()
		spin(rng)
		r.waitsInStop(c)
		spin(rng)
		if after := r.allSteps(); before != after {
			r.fail("functions took %d steps while Stop held all CPUs", after-before)
		}
	})
}

// waitsInStop makes a call that could never return.
func (r *run) waitsInStop(c *crosscall.CPU) {
	for _, cpu := range r.cpus {
		if cpu == c.ID() {
			continue
		}
		err := c.Call(context.Background(), cpu, func(*crosscall.CPU) { r.fail("a function ran that was refused within Stop") })
		if !errors.Is(err, crosscall.ErrDeadlock) && !errors.Is(err, crosscall.ErrOffline) && !errors.Is(err, crosscall.ErrClosed) {
			r.fail("Call to another CPU within Stop: %v", err)
		}
		return
	}
}

func (r *run) allSteps() (n uint64) {
	for _, cpu := range r.cpus {
		n += r.cpuStates[cpu].steps
	}
	return n
}
