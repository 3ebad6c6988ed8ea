package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"crosscall"
	"crosscall/cpumask"
)

// The phase of a CPU is even while it is online and stays so, and odd from
// before Offline is called until Online has returned. The goroutine that makes
// it odd owns the CPU until then. If a CPU's phase is even before a call, and
// the same after it, the CPU was online throughout.

// phases notes the phase of all CPUs.
func (r *run) phases() []uint32 {
	out := make([]uint32, len(r.cpuStates))
	for _, cpu := range r.cpus {
		out[cpu] = r.cpuStates[cpu].phase.Load()
	}
	return out
}

// stable is the CPUs that have been online since.
func (r *run) stable(since []uint32) (m cpumask.Mask) {
	for _, cpu := range r.cpus {
		if p := since[cpu]; p%2 == 0 && r.cpuStates[cpu].phase.Load() == p {
			m.Set(cpu)
		}
	}
	return m
}

func (r *run) hotplugLoop(quit chan struct{}, rng *rand.Rand) {
	for pause(quit, time.Duration(rng.IntN(3000))*time.Microsecond) {
		if rng.IntN(8) == 0 {
			r.giveUp(quit, rng)
			continue
		}
		ctx, cancel := context.Background(), func() {}
		if rng.IntN(2) == 0 {
			ctx, cancel = context.WithTimeout(ctx, time.Duration(rng.IntN(5000))*time.Microsecond)
		}
		r.offline(ctx, r.cpus[rng.IntN(len(r.cpus))], -1)
		cancel()
	}
}

// offline takes cpu offline if no other goroutine owns it. reviveLoop takes it
// online again, also if Goexit ends the caller meanwhile. self is the CPU that
// calls.
func (r *run) offline(ctx context.Context, cpu, self int) {
	s := r.cpuStates[cpu]
	if !r.own(cpu) {
		return
	}
	defer func() { r.revive <- cpu }()
	r.count(opOffline)
	if self < 0 {
		defer r.forcing(caller{})()
	}
	err := r.sys.Offline(ctx, cpu)
	r.noteErr(err)
	switch {
	case err == nil:
		s.down.Store(true)
		if cpu == self {
			r.fail("Offline of CPU %d by itself succeeded", cpu)
		}
		r.refuses(cpu)
	case errors.Is(err, crosscall.ErrBusy): // all others are offline
	case errors.Is(err, crosscall.ErrOffline) && self >= 0: // the caller's own CPU goes offline
	case errors.Is(err, crosscall.ErrDeadlock) && self >= 0:
	case errors.Is(err, crosscall.ErrClosed) && r.ending.Load():
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
	default:
		r.fail("Offline(%d): %v", cpu, err)
	}
}

// refuses checks that a CPU that is offline accepts no calls.
func (r *run) refuses(cpu int) {
	fn := func(*crosscall.CPU) { r.fail("CPU %d ran a function although it is offline", cpu) }
	if err := r.sys.Post(cpu, fn); !errors.Is(err, crosscall.ErrOffline) && !errors.Is(err, crosscall.ErrClosed) {
		r.fail("Post to CPU %d, which is offline: %v", cpu, err)
	}
}

// reviveLoop takes CPUs online that others have taken offline, and all CPUs in
// the end.
func (r *run) reviveLoop(quit chan struct{}) {
	for {
		select {
		case <-quit:
			return
		case cpu := <-r.revive:
			r.online(cpu)
		}
	}
}

func (r *run) online(cpu int) {
	s := r.cpuStates[cpu]
	if s.phase.Load()%8 == 1 {
		time.Sleep(time.Millisecond) // let it be offline for a while
	}
	s.down.Store(false)
	r.count(opOnline)
	defer r.forcing(caller{})()
	err := r.sys.Online(context.Background(), cpu)
	r.noteErr(err)
	if err != nil && !(errors.Is(err, crosscall.ErrClosed) && r.ending.Load()) {
		r.fail("Online(%d): %v", cpu, err)
	}
	if err == nil {
		s.phase.Add(1)
	}
}
