package crosscall

import (
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// inEachTimedSleep runs a test with executors that sleep in the kernel and, with
// GOMAXPROCS=1 and elsewhere than on Linux, parked with the Go scheduler.
func inEachTimedSleep(t *testing.T, test func(t *testing.T, s *System)) {
	for _, procs := range []int{1, 2} {
		limit(t)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		test(t, open(t, virtual(2)))
		test(t, open(t, Options{CPUs: usable(t)}))
	}
}

// timerOrder sets n timers in one function, and returns the times that they were
// set for in the order in which they ran.
func timerOrder(t *testing.T, s *System, n int, d func(i int) time.Duration, then func(c *CPU)) (order []int64) {
	done := make(chan struct{})
	on(t, s, first(s), func(c *CPU) {
		for i := range n {
			start := time.Now()
			var timer *Timer
			timer = c.AfterFunc(d(i), func(on *CPU) {
				if after := time.Since(start); after < d(i) {
					t.Errorf("after %v, want %v", after, d(i))
				}
				if on != c {
					t.Error("on another CPU")
				}
				if order = append(order, timer.node.When()); len(order) == n {
					close(done)
				}
			})
		}
		never := []*Timer{
			c.AfterFunc(time.Hour, func(*CPU) { t.Error("an hour, so soon") }),
			c.AfterFunc(math.MaxInt64, func(*CPU) { t.Error("some centuries, so soon") }),
		}
		then(c)
		c.AfterFunc(50*time.Millisecond, func(*CPU) {
			if !never[0].Stop() || !never[1].Stop() {
				t.Error("not to come, too soon")
			}
		})
		if len(order) > 0 {
			t.Error("a timer ran within a function")
		}
	})
	<-done
	return order
}

func TestTimersRunInOrder(t *testing.T) {
	inEachTimedSleep(t, func(t *testing.T, s *System) {
		spread := func(i int) time.Duration { return time.Duration(i*37%100/4) * 200 * time.Microsecond }
		if order := timerOrder(t, s, 100, spread, nop); !slices.IsSorted(order) {
			t.Errorf("out of order: %v", order)
		}
	})
}

// All have expired when the CPU looks.
func TestTimersThatExpireTogether(t *testing.T) {
	inEachTimedSleep(t, func(t *testing.T, s *System) {
		reverse := func(i int) time.Duration { return time.Duration(50-i) * 20 * time.Microsecond }
		late := func(c *CPU) {
			for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
				c.Poll()
			}
		}
		if order := timerOrder(t, s, 50, reverse, late); !slices.IsSorted(order) {
			t.Errorf("out of order: %v", order)
		}
	})
}

// Stop and Reset, against a model that knows only the calls. Only timers that are
// set for now expire, and only where the model allows it.
func TestTimerModel(t *testing.T) {
	limit(t)
	s := open(t, virtual(1))
	run := func(fn func(c *CPU)) {
		if err := s.Call(ctx, 0, fn); err != nil {
			panic(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		const n = 6
		var timers [n]*Timer
		var runs, want [n]int
		var far, soon [n]bool // the model: yet to come
		run(func(c *CPU) {
			for i := range n {
				timers[i] = c.AfterFunc(time.Hour, func(*CPU) { runs[i]++ })
				far[i] = true
			}
		})
		defer run(func(*CPU) {
			for _, timer := range timers {
				timer.Stop()
			}
		})
		for range rapid.IntRange(1, 20).Draw(t, "turns") {
			i := rapid.IntRange(0, n-1).Draw(t, "timer")
			ops := rapid.SliceOfN(rapid.SampledFrom([]string{"stop", "far", "soon", "negative"}), 1, 3).Draw(t, "ops")
			// Within one function nothing expires, so the answers are certain.
			run(func(*CPU) {
				for _, op := range ops {
					was, is := far[i] || soon[i], false
					far[i], soon[i] = op == "far", op == "soon" || op == "negative"
					switch op {
					case "stop":
						is = timers[i].Stop()
					case "far":
						is = timers[i].Reset(time.Hour)
					case "soon":
						is = timers[i].Reset(0)
					case "negative":
						is = timers[i].Reset(-time.Hour)
					}
					if is != was {
						t.Errorf("timer %d: %s says %v, want %v", i, op, is, was)
					}
				}
			})
			if soon[i] {
				soon[i] = false
				want[i]++
			}
			for {
				var got [n]int
				run(func(*CPU) { got = runs })
				if got == want {
					break
				}
				for k := range got {
					if got[k] > want[k] {
						t.Fatalf("timer %d ran %d times, want %d", k, got[k], want[k])
					}
				}
				time.Sleep(20 * time.Microsecond)
			}
		}
	})
}

// In its own function a timer has run, and may be set anew.
func TestTimerInItsOwnFunction(t *testing.T) {
	inEachTimedSleep(t, func(t *testing.T, s *System) {
		done := make(chan struct{})
		on(t, s, last(s), func(c *CPU) {
			var timer *Timer
			runs := 0
			timer = c.AfterFunc(time.Microsecond, func(*CPU) {
				if timer.Stop() {
					t.Error("stopped, and runs")
				}
				if runs++; runs == 20 {
					close(done)
					return
				}
				if timer.Reset(100 * time.Microsecond) {
					t.Error("was yet to come, and runs")
				}
			})
		})
		<-done
	})
}

// One timer's function stops another that is due with it.
func TestStopOfATimerThatIsDue(t *testing.T) {
	inEachTimedSleep(t, func(t *testing.T, s *System) {
		done := make(chan struct{})
		on(t, s, last(s), func(c *CPU) {
			var second *Timer
			c.AfterFunc(0, func(*CPU) {
				if !second.Stop() {
					t.Error("it has not run, and Stop says it has")
				}
			})
			second = c.AfterFunc(0, func(*CPU) { t.Error("stopped, and runs") })
			c.AfterFunc(0, func(*CPU) { close(done) })
		})
		<-done
	})
}

// A timer that sets itself for now, again and again, does not starve calls.
func TestTimersDoNotStarveCalls(t *testing.T) {
	inEachTimedSleep(t, func(t *testing.T, s *System) {
		var again func(*CPU)
		stop := false
		again = func(c *CPU) {
			if !stop {
				c.AfterFunc(0, again)
			}
		}
		on(t, s, last(s), again)
		for range 20 {
			must(t, s.Call(ctx, last(s), nop))
		}
		must(t, s.Fence(ctx))
		on(t, s, last(s), func(*CPU) { stop = true })
	})
}

func TestPending(t *testing.T) {
	s := open(t, virtual(2))
	on(t, s, 0, func(c *CPU) {
		if c.Pending() {
			t.Error("pending: nothing was asked for")
		}
		timer := c.AfterFunc(time.Hour, nop)
		if c.Pending() {
			t.Error("pending: a timer that is an hour off")
		}
		timer.Reset(0)
		if !c.Pending() {
			t.Error("not pending: a timer has expired")
		}
		timer.Stop()
		must(t, c.Post(0, nop))
		if !c.Pending() {
			t.Error("not pending: a post")
		}
	})
}

func TestCloseDropsTimers(t *testing.T) {
	for range 10 {
		s, err := Open(virtual(1))
		if err != nil {
			t.Fatal(err)
		}
		var closed *Timer
		on(t, s, 0, func(c *CPU) {
			closed = c.AfterFunc(time.Hour, func(*CPU) { t.Error("an hour, so soon") })
		})
		must(t, s.Close())
		if closed.Stop() || closed.Reset(0) {
			t.Error("Close has left a timer")
		}
	}
}
