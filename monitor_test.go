package crosscall

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

// stalls opens a System that reports what takes longer than some ms.
func stalls(t *testing.T, o Options) (*System, <-chan Stall) {
	limit(t)
	reports := make(chan Stall, 1000)
	if o.StallAfter == 0 {
		o.StallAfter = 10 * time.Millisecond
	}
	o.OnStall = func(s Stall) {
		select {
		case reports <- s:
		default:
		}
	}
	return open(t, o), reports
}

// report waits for a report of what caller waits for, by the function's name.
func report(reports <-chan Stall, cpu, caller int, waitsFor string) Stall {
	for s := range reports {
		if s.CPU == cpu && s.Caller == caller && s.Func == waitsFor {
			return s
		}
	}
	panic("never closed")
}

// hold keeps cpu in fn, by a post or by a call, until release is called.
func hold(t *testing.T, s *System, cpu int, fn func(*CPU), running <-chan struct{}, post bool) {
	if post {
		must(t, s.Post(cpu, fn))
	} else {
		held := goes(func() error { return s.Call(ctx, cpu, fn) })
		t.Cleanup(func() { must(t, <-held) })
	}
	<-running
}

// For every kind of caller and wait, the report names the function that is
// waited for and the one that runs instead, which was sent by the mailbox or by
// a queue.
func TestStallReports(t *testing.T) {
	bounded, cancel := context.WithCancel(ctx)
	defer cancel()
	waiters := []struct {
		name   string
		caller int
		wait   func(s *System) error
	}{
		{"goroutine", -1, func(s *System) error { return s.Call(ctx, 1, nop) }},
		{"goroutine with a context", -1, func(s *System) error { return s.Call(bounded, 1, nop) }},
		{"goroutine for many", -1, func(s *System) error { return s.CallEvery(ctx, nop) }},
		{"goroutine to stop", -1, func(s *System) error { return s.Stop(ctx, nop) }},
		{"CPU", 0, func(s *System) (err error) {
			return errors.Join(s.Call(ctx, 0, func(c *CPU) { err = c.Call(ctx, 1, nop) }), err)
		}},
		{"CPU with a context", 0, func(s *System) (err error) {
			return errors.Join(s.Call(ctx, 0, func(c *CPU) { err = c.Call(bounded, 1, nop) }), err)
		}},
		{"CPU for many", 0, func(s *System) (err error) {
			two := cpumask.Of(1, 2)
			return errors.Join(s.Call(ctx, 0, func(c *CPU) { err = c.CallMany(bounded, &two, nop) }), err)
		}},
	}
	for _, d := range designs {
		for i, w := range waiters {
			t.Run(d.String()+"/"+w.name, func(t *testing.T) {
				s, reports := stalls(t, d.of(virtual(3)))
				running, release := make(chan struct{}), make(chan struct{})
				stuck := func(*CPU) {
					close(running)
					<-release
				}
				hold(t, s, 1, stuck, running, i%2 == 0)
				waits := goes(func() error { return w.wait(s) })
				got := report(reports, 1, w.caller, funcName(nop))
				close(release)
				must(t, <-waits)
				if got.Running != funcName(stuck) {
					t.Errorf("runs %q, want %q", got.Running, funcName(stuck))
				}
				if !bytes.Contains(got.Stack, []byte(funcName(stuck))) {
					t.Errorf("the function is not in the stack:\n%s", got.Stack)
				}
				if got.Waited < 10*time.Millisecond {
					t.Errorf("reported after %v", got.Waited)
				}
				if n := s.Stats().CPUs[1].Stalls; n == 0 {
					t.Error("not counted")
				}
			})
		}
	}
}

// Posts are reported, although no caller waits for them.
func TestStalledPosts(t *testing.T) {
	for _, d := range designs {
		t.Run(d.String(), func(t *testing.T) {
			s, reports := stalls(t, d.of(virtual(2)))
			running, release := make(chan struct{}), make(chan struct{})
			stuck := func(*CPU) {
				close(running)
				<-release
			}
			hold(t, s, 1, stuck, running, true)
			for range 3 {
				must(t, s.Post(1, nop))
			}
			var got Stall
			for got.Depth < 3 {
				got = report(reports, 1, -1, "")
			}
			close(release)
			if got.Running != funcName(stuck) {
				t.Errorf("runs %q, want %q", got.Running, funcName(stuck))
			}
		})
	}
}

// A report names the running function also if it runs as a region of a trace or
// is timed, and names an idle function.
func TestStallNamesWhatRuns(t *testing.T) {
	for name, run := range map[string]func(*CPU, func(*CPU)){"region": traceRegion, "timed": timed} {
		for _, post := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, post %v", name, post), func(t *testing.T) {
				s, reports := stalls(t, virtual(2))
				running, release := make(chan struct{}), make(chan struct{})
				stuck := func(c *CPU) {
					close(running)
					<-release
				}
				// In one batch with stuck, before the CPU rests and chooses the
				// hook again.
				on(t, s, 1, func(c *CPU) {
					c.each = timeEach
					c.in.Trace(run)
					if post {
						must(t, c.Post(1, stuck))
					} else {
						call := goes(func() error { return s.Call(ctx, 1, stuck) })
						t.Cleanup(func() { must(t, <-call) })
						until(t, "the call is there", func() bool { return c.in.Depth() > 0 })
					}
				})
				<-running
				waits := goes(func() error { return s.Call(ctx, 1, nop) })
				got := report(reports, 1, -1, funcName(nop))
				close(release)
				must(t, <-waits)
				if got.Running != funcName(stuck) {
					t.Errorf("runs %q, want %q\n%s", got.Running, funcName(stuck), got.Stack)
				}
			})
		}
	}
	t.Run("idle", func(t *testing.T) {
		s, reports := stalls(t, virtual(2))
		running, release := make(chan struct{}), make(chan struct{})
		stuck := func(*CPU) bool {
			close(running)
			<-release
			return false
		}
		mask := cpumask.Of(1)
		must(t, s.SetIdle(&mask, stuck))
		<-running
		must(t, s.SetIdle(&mask, nil))
		waits := goes(func() error { return s.Call(ctx, 1, nop) })
		got := report(reports, 1, -1, funcName(nop))
		close(release)
		must(t, <-waits)
		if !strings.HasPrefix(got.Running, "crosscall.TestStallNamesWhatRuns") {
			t.Errorf("runs %q", got.Running)
		}
	})
}

// A CPU that is called all the time while it waits is woken all the time. It is
// still one wait.
func TestStallOfACPUThatServesMeanwhile(t *testing.T) {
	o := virtual(2)
	o.StallAfter = 200 * time.Millisecond // longer than the posts leave it alone, most of the time
	s, reports := stalls(t, o)
	release := block(t, s, 1)
	waits := goes(func() (err error) {
		return errors.Join(s.Call(ctx, 0, func(c *CPU) { err = c.Call(ctx, 1, nop) }), err)
	})
	var over atomic.Bool
	busy := goes(func() error {
		for !over.Load() {
			must(t, s.Post(0, nop))
			time.Sleep(time.Millisecond)
		}
		return nil
	})
	report(reports, 1, 0, funcName(nop))
	over.Store(true)
	<-busy
	release()
	must(t, <-waits)
}

// Each report of a call follows after at least twice the time of the one before.
func TestStallReportsBackOff(t *testing.T) {
	s, reports := stalls(t, virtual(2))
	release := block(t, s, 1)
	waits := goes(func() error { return s.Call(ctx, 1, nop) })
	var before time.Duration
	for range 4 {
		got := report(reports, 1, -1, funcName(nop))
		if got.Waited < 2*before {
			t.Errorf("reported after %v and again after %v", before, got.Waited)
		}
		before = got.Waited
	}
	release()
	must(t, <-waits)
}

func TestWatchBacksOff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		after := time.Duration(rapid.Int64Range(1, 1000).Draw(t, "after"))
		w := watch{since: time.Now(), next: after}
		last := time.Duration(0)
		now := w.since
		for _, step := range rapid.SliceOf(rapid.Int64Range(0, 3000)).Draw(t, "steps") {
			now = now.Add(time.Duration(step))
			took := now.Sub(w.since)
			due := w.due(now)
			if want := took >= max(after, 2*last); due != want {
				t.Fatalf("after %v, reported last after %v: due %v", took, last, due)
			}
			if due {
				last = took
			}
		}
	})
}

func TestNoStallReportsIfSwitchedOff(t *testing.T) {
	limit(t)
	o := virtual(2)
	o.StallAfter = -1
	o.OnStall = func(s Stall) { t.Error("reported: ", s) }
	s := open(t, o)
	release := block(t, s, 1)
	waits := goes(func() error { return s.Call(ctx, 1, nop) })
	time.Sleep(monitorPeriod * 5 / 4) // the monitor has looked
	release()
	must(t, <-waits)
}

func TestStallText(t *testing.T) {
	s := Stall{CPU: 3, Caller: -1, Waited: 5 * time.Second, Func: "main.get", Running: "main.sort", Depth: 2, Stack: []byte("goroutine 7")}
	for _, test := range []struct {
		change func(*Stall)
		want   string
	}{
		{func(*Stall) {}, "a goroutine waits for CPU 3 for 5s (main.get); it runs main.sort, with 2 more to run\ngoroutine 7"},
		{func(s *Stall) { s.Caller = 1 }, "CPU 1 waits for CPU 3"},
		{func(s *Stall) { s.Func = "" }, "posts wait for CPU 3"},
		{func(s *Stall) { s.Running = "" }, "it runs no function"},
	} {
		changed := s
		test.change(&changed)
		if got := changed.String(); !strings.Contains(got, test.want) {
			t.Errorf("%q does not say %q", got, test.want)
		}
	}
}

// The thread of a CPU is bound to another CPU from outside.
func TestAffinityTakenAwayIsNoticed(t *testing.T) {
	cpus := usable(t)
	if cpus.Weight() < 2 {
		t.Skip("needs two CPUs")
	}
	limit(t)
	changes := make(chan AffinityChange, 100)
	s := open(t, Options{
		CPUs:       cpus,
		StallAfter: 40 * time.Millisecond, // the monitor looks at a quarter of that
		OnStall:    func(Stall) {},
		OnAffinity: func(a AffinityChange) { changes <- a },
	})
	cpu, other := first(s), last(s)
	bind := func(to int) {
		on(t, s, cpu, func(*CPU) {
			if err := topology.Pin(to); err != nil && !isUnsupported(err) {
				t.Error(err)
			}
		})
	}
	if !s.Stats().CPUs[0].Pinned {
		t.Skip("threads are not bound to CPUs on this platform")
	}
	bind(other)
	if got, want := <-changes, (AffinityChange{CPU: cpu, Allowed: cpumask.Of(other)}); got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
	if s.Stats().CPUs[0].Pinned {
		t.Error("still said to be pinned")
	}
	bind(cpu)
	until(t, "it is noticed that the CPU has its own again", func() bool { return s.Stats().CPUs[0].Pinned })
	if len(changes) != 0 {
		t.Errorf("told again: %+v", <-changes)
	}
}
