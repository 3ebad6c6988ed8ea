package crosscall

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The collector stops the world for a moment in each cycle. Every executor must
// stop: one that spins, sleeps, waits, or is called without pause. If one does
// not, this test hangs.
func TestCollectorGetsEveryExecutor(t *testing.T) {
	limit(t)
	for name, o := range map[string]Options{
		"spin":    {CPUs: usable(t), Spin: 5 * time.Millisecond},
		"sleep":   {CPUs: usable(t), Spin: -1},
		"virtual": virtual(4),
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, o)
			var over atomic.Bool
			var wg sync.WaitGroup
			wg.Go(func() {
				for i := 0; !over.Load(); i++ {
					must(t, s.Call(ctx, first(s), nop))
					must(t, s.PostEvery(func(*CPU) { _ = make([]byte, 100) }))
					if i%64 == 0 {
						time.Sleep(time.Millisecond) // all spin, then sleep
					}
				}
			})
			wg.Go(func() {
				for !over.Load() {
					on(t, s, last(s), func(c *CPU) { must(t, c.CallEvery(ctx, nop)) })
				}
			})
			for range 20 {
				runtime.GC()
			}
			over.Store(true)
			wg.Wait()
			for range 10 {
				runtime.GC() // while no call is made
			}
		})
	}
}

// Executors and the collector make progress with one P, which a spinning or a
// sleeping executor must not keep, and while the number of Ps changes.
func TestCollectorWithOneP(t *testing.T) {
	limit(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	s := open(t, Options{CPUs: usable(t)})
	for procs := range 6 {
		runtime.GOMAXPROCS(1 + procs%2)
		for range 10 {
			must(t, s.CallEvery(ctx, nop))
			on(t, s, last(s), func(c *CPU) { must(t, c.CallEvery(ctx, nop)) })
			runtime.GC()
		}
	}
	must(t, s.Stop(ctx, nop))
	must(t, s.Fence(ctx))
}
