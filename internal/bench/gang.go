package bench

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A gang is members that work at the same time: none begins before all are
// there, and its time is that of the slowest.
type gang struct {
	size    int32
	arrived atomic.Int32
	ended   sync.WaitGroup

	mu   sync.Mutex
	took time.Duration
	err  error
}

func newGang(size int) *gang {
	g := &gang{size: int32(size)}
	g.ended.Add(size)
	return g
}

// join runs work when all have joined. It must be called once for each member.
func (g *gang) join(work func() error) {
	defer g.ended.Done()
	for g.arrived.Add(1); g.arrived.Load() < g.size; {
		runtime.Gosched() // a member may be waiting for this very thread
	}
	start := time.Now()
	err := work()
	took := time.Since(start)

	g.mu.Lock()
	defer g.mu.Unlock()
	g.took = max(g.took, took)
	g.err = errors.Join(g.err, err)
}

func (g *gang) wait() (time.Duration, error) {
	g.ended.Wait()
	return g.took, g.err
}

// atOnce runs work on both threads of p at the same time, with 0 and 1.
func (p pair) atOnce(work func(side int) error) (time.Duration, error) {
	g := newGang(2)
	p.run(
		func() { g.join(func() error { return work(0) }) },
		func() { g.join(func() error { return work(1) }) },
	)
	return g.wait()
}
