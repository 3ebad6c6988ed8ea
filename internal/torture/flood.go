package torture

import (
	"context"
	"math/rand/v2"
	"time"
)

// floods is the number of goroutines that post without a pause.
const floods = 2

// floodLoop posts functions, each of which calls another CPU and waits, to one CPU
// after the other, as fast as they are accepted. It is an open load, which does not
// wait for results. Then it pauses for a moment.
func (r *run) floodLoop(p *stream, rng *rand.Rand) {
	for !r.over.Load() {
		who := caller{source: r.sys, stream: p}
		cpu := r.cpus[rng.IntN(len(r.cpus))]
		for n := rng.IntN(1000); n > 0 && r.cpuStates[cpu].phase.Load()%2 == 0 && !r.over.Load(); n-- {
			r.single(context.Background(), opFlood, who, rng, cpu, nil, 0)
		}
		time.Sleep(time.Duration(rng.IntN(20_000)) * time.Microsecond)
	}
	r.owed(p)
}
