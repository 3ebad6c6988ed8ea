package bench

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"crosscall/internal/topology"
)

// A Pair is the relation of the two CPUs of the measures: figures of hyperthreads
// and of cores are not comparable. The kernel of a virtual machine has only the
// information of its hypervisor, which may be wrong or missing. So the relation is
// measured as well.
type Pair struct {
	Kernel   string `json:"kernel"`   // the relation according to the kernel
	Measured string `json:"measured"` // the relation by the two figures below
	// PingPong is nanoseconds a round of the fastest ping-pong.
	PingPong float64 `json:"pingpong"`
	// Slowdown is how many times as long a loop takes on the one CPU while the
	// other runs one too: between cores 1.0, between hyperthreads 1.5 to 2.
	Slowdown float64 `json:"slowdown"`
}

// The relations that two CPUs may have.
const (
	hyperthreads = "two hyperthreads of one core"
	sharingCores = "two cores that share a cache"
	distantCores = "two cores that share no cache"
	unknownCores = "two cores, whose caches are not known"
)

const (
	hyperthreadSlowdown = 1.3 // and above: the loops compete for one core
	sharingPingPong     = 150 // ns, and below: the line went through a common cache
)

func (p *Pair) String() string {
	return fmt.Sprintf("by the kernel: %s; by measurement: %s (ping-pong %.0f ns, slowdown by a loop on the other CPU %.2f)",
		p.Kernel, p.Measured, p.PingPong, p.Slowdown)
}

// findPair returns nil if s has no pair of CPUs.
func findPair(s *site) *Pair {
	if s.lacks(twoCPUs) != nil {
		return nil
	}
	p := &Pair{Kernel: unknownCores}
	if t, err := topology.Read(); err == nil {
		p.Kernel = relation(t, s.caller, s.target)
	}
	var err error
	if p.PingPong, err = fastestPingPong(s); err != nil {
		return nil
	}
	if p.Slowdown, err = slowdown(s); err != nil {
		return nil
	}
	p.Measured = measuredRelation(p.PingPong, p.Slowdown)
	return p
}

// relation is the relation of CPUs a and b according to t.
func relation(t *topology.Topology, a, b int) string {
	kind := unknownCores
	for _, c := range t.CPUs {
		if c.ID != a {
			continue
		}
		if c.Siblings.Test(b) {
			return hyperthreads
		}
		for _, cache := range c.Caches {
			if cache.Shared.Test(b) {
				return sharingCores
			}
			if !cache.Shared.Empty() {
				kind = distantCores
			}
		}
	}
	return kind
}

func measuredRelation(pingPong, slowdown float64) string {
	switch {
	case slowdown >= hyperthreadSlowdown:
		return hyperthreads
	case pingPong <= sharingPingPong:
		return sharingCores
	}
	return distantCores
}

// The lowest of several short samples counts, because other work can only make
// them longer.
const (
	pairSamples = 20
	pairRounds  = 6 * 500 // of ping-pong, of all games together
	pairLoop    = 20_000  // about 200 us
)

func fastestPingPong(s *site) (float64, error) {
	p, err := newPingpong(s.caller, s.target)
	if err != nil {
		return 0, err
	}
	defer p.close()
	lowest := math.Inf(1)
	for range pairSamples {
		observed, err := p.sample(background, pairRounds)
		if err != nil {
			return 0, err
		}
		lowest = min(lowest, observed[0])
	}
	return lowest, nil
}

// slowdown alternates between a loop alone and one beside another.
func slowdown(s *site) (float64, error) {
	p, err := startPair(s.caller, s.target)
	if err != nil {
		return 0, err
	}
	defer p.close()
	alone, beside := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range pairSamples {
		p.caller.run(func() { alone = min(alone, timeLoop()) })
		var started, ended atomic.Bool
		p.run(func() {
			for !started.Load() {
			}
			beside = min(beside, timeLoop())
			ended.Store(true)
		}, func() {
			for started.Store(true); !ended.Load(); {
				wideLoop(64)
			}
		})
	}
	return float64(beside) / float64(alone), nil
}

func timeLoop() time.Duration {
	start := time.Now()
	wideLoop(pairLoop)
	return time.Since(start)
}

// wideLoop keeps a core as busy as it can be: its eight sums do not depend on each
// other. A loop that waits for its own results, as compute, would leave half of
// the core to a hyperthread.
func wideLoop(n int) {
	a, b, c, d := uint64(1), uint64(2), uint64(3), uint64(4)
	e, f, g, h := uint64(5), uint64(6), uint64(7), uint64(8)
	for i := range uint64(n) {
		a, b, c, d = a+i^b, b+i^c, c+i^d, d+i^e
		e, f, g, h = e+i^f, f+i^g, g+i^h, h+i^a
		a, b, c, d = a^d, b+d, c^a, d+b
		e, f, g, h = e^h, f+h, g^e, h+f
	}
	computed.Store(a + b + c + d + e + f + g + h)
}
