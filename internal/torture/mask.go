package torture

import (
	"math/rand/v2"
	"time"

	"crosscall/cpumask"
)

// mask is a mask that several callers share. The CPUs of loose are set and
// cleared at any time, those of steady stay set. So a call must run on steady
// and may run on loose.
type mask struct {
	live          cpumask.Mask
	steady, loose cpumask.Mask
}

func (r *run) newMask(rng *rand.Rand) *mask {
	m := new(mask)
	for _, cpu := range r.cpus {
		switch rng.IntN(3) {
		case 0:
			m.steady.Set(cpu)
		case 1:
			m.loose.Set(cpu)
		}
	}
	m.live = m.steady
	return m
}

// pickMask returns one of the masks that change, or a mask of the caller's own,
// now and then with CPUs that do not exist.
func (r *run) pickMask(rng *rand.Rand) *mask {
	if rng.IntN(2) == 0 {
		return r.masks[rng.IntN(len(r.masks))]
	}
	m := new(mask)
	for range rng.IntN(5) {
		m.steady.Set(r.cpus[rng.IntN(len(r.cpus))])
	}
	m.live = m.steady
	if rng.IntN(8) == 0 {
		m.live.Set(cpumask.Max - 1)
	}
	return m
}

// maskLoop changes the masks under their callers.
func (r *run) maskLoop(quit chan struct{}, rng *rand.Rand) {
	for pause(quit, time.Duration(rng.IntN(200))*time.Microsecond) {
		for range rng.IntN(200) {
			r.flip(rng)
		}
	}
}

func (r *run) flip(rng *rand.Rand) {
	m := r.masks[rng.IntN(len(r.masks))]
	cpu := r.cpus[rng.IntN(len(r.cpus))]
	switch {
	case !m.loose.Test(cpu):
	case rng.IntN(2) == 0:
		m.live.AtomicSet(cpu)
	default:
		m.live.AtomicClear(cpu)
	}
}
