package crosscall

import (
	"errors"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crosscall/cpumask"
)

// untilStats waits until the figures of a CPU satisfy ok.
func untilStats(t testing.TB, s *System, cpu int, what string, ok func(CPUStats) bool) {
	t.Helper()
	until(t, what, func() bool { return ok(s.Stats().CPUs[cpu]) })
}

func TestStatsCountRequests(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		all, others := s.PossibleMask(), cpumask.Of(1, 2)
		on(t, s, 0, func(c *CPU) {
			for range 5 {
				must(t, c.Call(ctx, 1, nop))
				must(t, c.Post(1, nop))
				must(t, c.CallMany(ctx, &all, nop)) // here too, which is no request
				must(t, c.CallMany(ctx, &others, nop))
				must(t, c.PostMany(&others, nop))
				must(t, c.PostRecord(2, NewRecord(nop)))
			}
		})
		flush(t, s)
		untilStats(t, s, 0, "45 requests sent by CPU 0", func(c CPUStats) bool { return c.Sent >= 45 })
		untilStats(t, s, 1, "25 functions run on CPU 1", func(c CPUStats) bool { return c.Received >= 25 })
		untilStats(t, s, 2, "20 functions run on CPU 2", func(c CPUStats) bool { return c.Received >= 20 })
		got := s.Stats()
		if sent := got.CPUs[0].Sent; sent != 45 {
			t.Errorf("CPU 0 sent %d requests, want 45", sent)
		}
		if got.CPUs[1].Sent != 0 {
			t.Error("CPU 1 sent something")
		}
	})
}

func TestStatsOfStates(t *testing.T) {
	limit(t)
	s := open(t, Options{Virtual: true, CPUs: cpumask.Of(3, 7)})
	must(t, s.Offline(ctx, 7))
	until(t, "CPU 3 sleeps", func() bool { return s.Stats().CPUs[0].Asleep })
	got := s.Stats().CPUs
	if len(got) != 2 || got[0].CPU != 3 || got[1].CPU != 7 || !got[0].Online || got[1].Online {
		t.Errorf("figures of CPUs 3 and 7, which is offline: %+v", got)
	}
}

func TestStatsOfDoorbells(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	for range 20 {
		until(t, "CPU 1 sleeps", s.cpus[1].tally.asleep.Load)
		before := s.Stats().CPUs[1].DoorbellsRung
		until(t, "it is asleep and rung for", func() bool {
			must(t, s.Call(ctx, 1, nop))
			return s.Stats().CPUs[1].DoorbellsRung > before
		})
	}
	on(t, s, 1, func(*CPU) { // awake
		for range 50 {
			must(t, s.Post(1, nop))
		}
	})
	untilStats(t, s, 1, "doorbells avoided", func(c CPUStats) bool { return c.DoorbellsAvoided >= 49 })
}

func TestStatsNeverShrink(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		var over atomic.Bool
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := 0; !over.Load(); i++ {
				must(t, s.PostEvery(nop))
				on(t, s, i%3, func(c *CPU) { must(t, c.CallEvery(ctx, nop)) })
				if i%8 == 0 {
					time.Sleep(100 * time.Microsecond) // so that some sleep
				}
			}
		})
		figures := func(c CPUStats) []uint64 {
			return []uint64{c.Sent, c.Received, c.DoorbellsRung, c.DoorbellsAvoided, uint64(c.Longest), c.Latency.Count(), c.Panics, c.Stalls}
		}
		before := s.Stats()
		for range 50 {
			now := s.Stats()
			for cpu := range now.CPUs {
				was, is := figures(before.CPUs[cpu]), figures(now.CPUs[cpu])
				for i := range is {
					if is[i] < was[i] {
						t.Errorf("figure %d of CPU %d went from %d to %d", i, cpu, was[i], is[i])
					}
				}
			}
			before = now
		}
		over.Store(true)
		wg.Wait()
	})
}

// A CPU that is stuck does not delay Stats, and its Depth shows the requests
// that wait.
func TestStatsOfAStuckCPU(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 1)
		for range 5 {
			must(t, s.Post(1, nop))
		}
		if got := s.Stats().CPUs; len(got) != 3 || got[1].Depth != 5 {
			t.Errorf("figures with 5 posts behind a function that does not end: %+v", got[1])
		}
		on(t, s, 0, func(*CPU) { s.Stats() })
		release()
		untilStats(t, s, 1, "nothing waits", func(c CPUStats) bool { return c.Depth == 0 })
		must(t, s.Stop(ctx, func(*CPU) {
			if got := s.Stats(); len(got.CPUs) != 3 {
				t.Error("no figures while all are held")
			}
		}))
	})
}

// Stats sends no requests: calls of Stats during a long function add no request
// that waits for it, and no stall.
func TestStatsBesideALongFunction(t *testing.T) {
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			s, reports := stalls(t, d.of(virtual(3)))
			running, release := make(chan struct{}), make(chan struct{})
			stuck := func(*CPU) {
				close(running)
				<-release
			}
			hold(t, s, 1, stuck, running, false)
			for range 50 {
				if got := s.Stats().CPUs[1]; got.Depth != 0 {
					t.Errorf("%d requests wait, want none: the function has begun", got.Depth)
				}
			}
			on(t, s, 0, func(*CPU) { s.Stats() })
			report(reports, 1, -1, funcName(stuck))
			close(release)
			for len(reports) > 0 {
				if r := <-reports; r.CPU == 1 && r.Func != funcName(stuck) {
					t.Errorf("reported: %v", r)
				}
			}
		})
	}
}

// A CPU in a long function that waits, or polls, shows its figures meanwhile.
func TestStatsOfACPUThatWaits(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		release := block(t, s, 2)
		waits := goes(func() (err error) {
			return errors.Join(s.Call(ctx, 0, func(c *CPU) {
				for range 10 {
					must(t, c.Post(1, nop))
				}
				err = c.Call(ctx, 2, nop)
			}), err)
		})
		var over atomic.Bool
		polls := goes(func() error {
			return s.Call(ctx, 1, func(c *CPU) {
				for !over.Load() {
					c.Poll()
				}
			})
		})
		untilStats(t, s, 0, "CPU 0, which waits, shows 11 requests sent", func(c CPUStats) bool { return c.Sent == 11 })
		untilStats(t, s, 1, "CPU 1, which polls, shows 10 functions run", func(c CPUStats) bool { return c.Received >= 10 })
		over.Store(true)
		release()
		must(t, <-waits)
		must(t, <-polls)
	})
}

// Two CPUs that each read the figures of the other get them at once.
func TestStatsOfEachOther(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		arrive := meet(2)
		var both sync.WaitGroup
		for cpu := range 2 {
			both.Go(func() {
				on(t, s, cpu, func(c *CPU) {
					arrive()
					for range 20 {
						must(t, c.Post(c.ID(), nop))
						s.Stats()
					}
				})
			})
		}
		both.Wait()
		flush(t, s)
		for cpu := range 2 {
			untilStats(t, s, cpu, "21 requests", func(c CPUStats) bool { return c.Received >= 21 })
		}
	})
}

func TestStatsOfPanics(t *testing.T) {
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			limit(t)
			o := d.of(virtual(2))
			reported := make(chan *PanicError, 10)
			o.OnPanic = func(p *PanicError) { reported <- p }
			s := open(t, o)
			boom := func(*CPU) { panic("boom") }
			for range 3 {
				_ = s.Call(ctx, 1, boom)
			}
			must(t, s.Post(1, boom))
			<-reported
			if n := s.Stats().CPUs[1].Panics; n != 4 {
				t.Errorf("%d panics, want 4", n)
			}
			if n := s.Stats().CPUs[0].Panics; n != 0 {
				t.Errorf("%d panics on a CPU that had none", n)
			}
		})
	}
}

// One call in 64 is timed.
func TestStatsOfLatency(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	const timed = 5
	on(t, s, 0, func(c *CPU) {
		for range timed*sampled + 1 { // the first makes the lane, and goes by record
			must(t, c.Call(ctx, 1, nop))
		}
	})
	got := s.Stats().CPUs[1].Latency
	if got.Count() < timed || got.Count() > timed+1 || got.Sum <= 0 {
		t.Errorf("%d calls timed in %v, want %d", got.Count(), got.Sum, timed)
	}
}

// The histogram is checked against the sorted durations themselves.
func TestHistogram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.Int64Range(0, int64(5*time.Minute))).Draw(t, "durations")
		var h histogram
		var sum time.Duration
		for _, d := range all {
			h.add(time.Duration(d))
			sum += time.Duration(d)
		}
		got := h.load()
		if got.Count() != uint64(len(all)) || got.Sum != sum {
			t.Fatalf("%d durations of %v in all, want %d of %v", got.Count(), got.Sum, len(all), sum)
		}
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		bound := got.Quantile(q)
		if len(all) == 0 {
			if bound != 0 {
				t.Fatalf("a quantile of nothing is %v", bound)
			}
			return
		}
		slices.Sort(all)
		exact := time.Duration(all[min(int(math.Floor(q*float64(len(all)))), len(all)-1)])
		if exact >= bound || bound > 2*max(exact, 1) {
			t.Fatalf("quantile %v: bound %v, exact %v", q, bound, exact)
		}
	})
}
