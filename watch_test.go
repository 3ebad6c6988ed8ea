//go:build linux

package crosscall

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pair is a connected pair of non-blocking sockets. They are closed when the test
// ends, before the System.
func pair(t testing.TB) (here, there int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fds[0]); _ = unix.Close(fds[1]) })
	return fds[0], fds[1]
}

// watchOn watches fd on a CPU from outside.
func watchOn(t testing.TB, s *System, cpu, fd int, want Events, fn func(*CPU, Events)) (w *Watch) {
	t.Helper()
	on(t, s, cpu, func(c *CPU) {
		var err error
		w, err = c.Watch(fd, want, fn)
		must(t, err)
	})
	t.Cleanup(func() { // before fd is closed
		if !s.closed.Load() {
			on(t, s, cpu, func(*CPU) { must(t, w.Close()) })
		}
	})
	return w
}

// take reads all available bytes.
func take(t testing.TB, fd int) []byte {
	var buf [4096]byte
	n, err := unix.Read(fd, buf[:])
	if err == unix.EAGAIN {
		return nil
	}
	must(t, err)
	return buf[:max(n, 0)]
}

func send(t testing.TB, fd int, text string) {
	t.Helper()
	_, err := unix.Write(fd, []byte(text))
	must(t, err)
}

// inEachSleep runs a test with executors that sleep in epoll and, with
// GOMAXPROCS=1, parked with the Go scheduler; that spin and that do not.
func inEachSleep(t *testing.T, test func(t *testing.T, s *System)) {
	for _, procs := range []int{1, 2, 4} {
		for _, spin := range []time.Duration{0, -1} {
			t.Run(fmt.Sprintf("GOMAXPROCS=%d,Spin=%d", procs, spin), func(t *testing.T) {
				limit(t)
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
				test(t, open(t, Options{CPUs: usable(t), Spin: spin}))
			})
		}
		t.Run(fmt.Sprintf("GOMAXPROCS=%d,virtual", procs), func(t *testing.T) {
			limit(t)
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			test(t, open(t, virtual(5)))
		})
	}
}

func TestEcho(t *testing.T) {
	inEachSleep(t, func(t *testing.T, s *System) {
		here, there := pair(t)
		watchOn(t, s, first(s), here, Readable, func(c *CPU, ready Events) {
			if ready != Readable || c.ID() != first(s) {
				t.Errorf("ready for %v on CPU %d", ready, c.ID())
			}
			send(t, here, string(take(t, here)))
		})
		answers := make(chan []byte)
		var got []byte
		watchOn(t, s, last(s), there, Readable, func(*CPU, Events) {
			if got = append(got, take(t, there)...); len(got) == 5 {
				answers <- got
				got = nil
			}
		})
		for i := range 50 {
			text := fmt.Sprintf("%05d", i)
			send(t, there, text)
			if got := <-answers; !bytes.Equal(got, []byte(text)) {
				t.Fatalf("sent %q, got %q", text, got)
			}
			if i%10 == 0 {
				time.Sleep(time.Millisecond) // until they sleep
			}
		}
	})
}

func asleep(t testing.TB, s *System, cpu int) {
	t.Helper()
	until(t, "asleep", func() bool { return s.cpus[cpu].tally.asleep.Load() })
}

// Calls arrive while the target sleeps with its descriptors.
func TestCallsWakeFromEpoll(t *testing.T) {
	inEachSleep(t, func(t *testing.T, s *System) {
		here, there := pair(t)
		got := make(chan string, 1)
		watchOn(t, s, last(s), here, Readable, func(*CPU, Events) { got <- string(take(t, here)) })
		for range 20 {
			asleep(t, s, last(s))
			must(t, s.Call(ctx, last(s), nop))
			asleep(t, s, last(s))
			on(t, s, first(s), func(c *CPU) { must(t, c.Call(ctx, last(s), nop)) })
			asleep(t, s, last(s))
			must(t, s.Fence(ctx))
			asleep(t, s, last(s))
			must(t, s.Stop(ctx, nop))
			asleep(t, s, last(s))
			send(t, there, "x")
			<-got
		}
	})
}

// Descriptors and timers are served while calls, or idle functions of either
// kind, keep the CPU awake.
func TestNoStarvation(t *testing.T) {
	keep := map[string]func(t *testing.T, s *System, stop chan struct{}){
		"calls": func(t *testing.T, s *System, stop chan struct{}) {
			for {
				select {
				case <-stop:
					return
				default:
					must(t, s.Call(ctx, last(s), nop))
				}
			}
		},
		"posts": func(t *testing.T, s *System, stop chan struct{}) {
			for {
				select {
				case <-stop:
					must(t, s.CallEvery(ctx, nop))
					return
				default:
					must(t, s.Post(last(s), func(*CPU) { time.Sleep(10 * time.Microsecond) }))
				}
			}
		},
		"idle function": func(t *testing.T, s *System, stop chan struct{}) {
			must(t, s.SetIdle(&s.possible, func(*CPU) bool { return true }))
			<-stop
			must(t, s.SetIdle(&s.possible, nil))
		},
		"idle function that stays": func(t *testing.T, s *System, stop chan struct{}) {
			must(t, s.SetIdle(&s.possible, func(c *CPU) bool {
				for c.Online() {
					c.Poll()
					select {
					case <-stop:
						return false
					default:
						runtime.Gosched()
					}
				}
				return false
			}))
			<-stop
			must(t, s.SetIdle(&s.possible, nil))
		},
	}
	rounds := 20
	if testing.Short() {
		rounds = 4
	}
	for name, run := range keep {
		t.Run(name, func(t *testing.T) {
			limit(t)
			s := open(t, Options{CPUs: usable(t)})
			stop, stopped := make(chan struct{}), make(chan struct{})
			here, there := pair(t)
			got, timed := make(chan string), make(chan struct{})
			watchOn(t, s, last(s), here, Readable, func(*CPU, Events) { got <- string(take(t, here)) })
			go func() {
				defer close(stopped)
				run(t, s, stop)
			}()
			for range rounds {
				send(t, there, "x")
				<-got
				must(t, s.Post(last(s), func(c *CPU) { c.AfterFunc(time.Millisecond, func(*CPU) { timed <- struct{}{} }) }))
				<-timed
			}
			close(stop)
			<-stopped
		})
	}
}

// Descriptors that are always ready leave room for calls, timers, Offline and
// Close.
func TestSocketsDoNotStarveCalls(t *testing.T) {
	limit(t)
	s := open(t, Options{CPUs: usable(t)})
	for range 100 {
		here, _ := pair(t)
		watchOn(t, s, last(s), here, Writable, func(*CPU, Events) {})
	}
	for range 200 {
		on(t, s, last(s), nop)
	}
	timed := make(chan struct{})
	on(t, s, last(s), func(c *CPU) { c.AfterFunc(time.Millisecond, func(*CPU) { close(timed) }) })
	<-timed
	must(t, s.Fence(ctx))
	if last(s) != first(s) {
		cpu := last(s)
		must(t, s.Offline(ctx, cpu))
		must(t, s.Online(ctx, cpu))
	}
}

// A turn is bounded: a call that arrives meanwhile runs before the rest.
func TestTurnIsBounded(t *testing.T) {
	limit(t)
	s := open(t, Options{CPUs: usable(t)})
	const fds = 3 * turnFuncs
	var order []string
	release := block(t, s, last(s))
	must(t, s.Post(last(s), func(c *CPU) {
		for range fds {
			here, _ := pair(t)
			var w *Watch
			var err error
			w, err = c.Watch(here, Writable, func(c *CPU, _ Events) {
				if len(order) == 0 {
					must(t, s.Post(last(s), func(*CPU) { order = append(order, "call") }))
				}
				order = append(order, "event")
				must(t, w.Close())
			})
			must(t, err)
		}
	}))
	release()
	until(t, "all events", func() (all bool) {
		on(t, s, last(s), func(*CPU) { all = len(order) == fds+1 })
		return all
	})
	if at := slices.Index(order, "call"); at > turnFuncs {
		t.Errorf("%d events went before the call", at)
	}
}

func TestWatchChange(t *testing.T) {
	inEachSleep(t, func(t *testing.T, s *System) {
		here, there := pair(t)
		got := make(chan Events, 1)
		var w *Watch
		w = watchOn(t, s, last(s), here, 0, func(_ *CPU, ready Events) {
			must(t, w.Change(0))
			select {
			case got <- ready:
			default: // hung up, again and again
			}
		})
		change := func(want Events) {
			on(t, s, last(s), func(*CPU) { must(t, w.Change(want)) })
		}
		change(Writable)
		if ready := <-got; ready != Writable {
			t.Errorf("want Writable: ready for %v", ready)
		}
		send(t, there, "x")
		change(Readable)
		if ready := <-got; ready != Readable {
			t.Errorf("want Readable: ready for %v", ready)
		}
		change(Readable | Writable)
		if ready := <-got; ready != Readable|Writable {
			t.Errorf("want both: ready for %v", ready)
		}
		must(t, unix.Shutdown(there, unix.SHUT_RDWR))
		if ready := <-got; ready&HangUp == 0 {
			t.Errorf("hung up: ready for %v", ready)
		}
		// It is level-triggered, so the function runs again until it closes.
		closed := make(chan struct{})
		on(t, s, last(s), func(*CPU) { w.fn = func(*CPU, Events) { must(t, w.Close()); close(closed) } })
		<-closed
		on(t, s, last(s), func(*CPU) {
			if w.Change(Readable) == nil {
				t.Error("a closed Watch can be changed")
			}
			must(t, w.Close())
		})
	})
}

// A closed Watch has no more runs, even if its events were fetched together
// with those of the Watch whose function closes it. Nor do these events run a
// new Watch of the same descriptor.
func TestCloseWithinTheBatch(t *testing.T) {
	inEachSleep(t, func(t *testing.T, s *System) {
		const n = 8
		release := block(t, s, last(s))
		var watches [n]*Watch
		runs, again := 0, make(chan int)
		must(t, s.Post(last(s), func(c *CPU) {
			for i := range n {
				here, _ := pair(t)
				var err error
				watches[i], err = c.Watch(here, Writable, func(c *CPU, ready Events) {
					runs++
					for _, w := range watches {
						must(t, w.Close()) // also its own Watch
						if w.closed != true {
							t.Error("closed, and not")
						}
					}
					other := watches[n-1-i].fd
					for err := error(nil); err == nil; { // fill it, until it is not writable
						_, err = unix.Write(other, make([]byte, 4096))
					}
					if _, err := c.Watch(other, Writable, func(*CPU, Events) { t.Error("an event of the Watch before") }); err != nil {
						t.Error(err)
					}
					c.AfterFunc(2*time.Millisecond, func(*CPU) { again <- runs })
				})
				must(t, err)
			}
		}))
		release()
		if runs := <-again; runs != 1 {
			t.Errorf("%d runs, want that of the one that closed all", runs)
		}
	})
}

// Two Watches of one batch: the function of the first removes the events of the
// second.
func TestChangeWithinTheBatch(t *testing.T) {
	limit(t)
	s := open(t, Options{CPUs: usable(t)})
	release := block(t, s, last(s))
	runs, done := 0, make(chan struct{})
	a, _ := pair(t)
	b, _ := pair(t)
	must(t, s.Post(last(s), func(c *CPU) {
		var watches [2]*Watch
		for i, fd := range []int{a, b} {
			var err error
			watches[i], err = c.Watch(fd, Writable, func(*CPU, Events) {
				runs++
				must(t, watches[0].Change(Readable))
				must(t, watches[1].Change(Readable))
			})
			must(t, err)
		}
		c.AfterFunc(5*time.Millisecond, func(*CPU) { close(done) })
	}))
	release()
	<-done
	if runs != 1 {
		t.Errorf("%d runs, want 1", runs)
	}
}

func TestPanicAndGoexitInCallbacks(t *testing.T) {
	for _, procs := range []int{1, 2} {
		limit(t)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		panics := make(chan *PanicError, 10)
		s := open(t, Options{CPUs: usable(t), OnPanic: func(p *PanicError) { panics <- p }})
		here, there := pair(t)
		got := make(chan string, 1)
		watchOn(t, s, last(s), here, Readable, func(*CPU, Events) {
			switch text := string(take(t, here)); text {
			case "panic":
				panic(errExplosive)
			case "exit":
				runtime.Goexit()
			default:
				got <- text
			}
		})
		late := make(chan struct{})
		on(t, s, last(s), func(c *CPU) {
			c.AfterFunc(time.Millisecond, explode)
			c.AfterFunc(2*time.Millisecond, goexit)
			c.AfterFunc(30*time.Millisecond, func(*CPU) { close(late) })
		})
		if p := <-panics; p.Value != errExplosive {
			t.Error(p)
		}
		for range 3 {
			send(t, there, "panic")
			if p := <-panics; p.Value != errExplosive || p.CPU != last(s) {
				t.Error(p)
			}
			send(t, there, "exit")
			until(t, "it has been read", func() bool {
				n, err := unix.IoctlGetInt(here, unix.TIOCINQ)
				return n == 0 && err == nil
			})
			send(t, there, "text")
			if text := <-got; text != "text" {
				t.Error(text)
			}
		}
		<-late
		must(t, s.Call(ctx, last(s), nop))
	}
}

// Callbacks run at the outermost level: not in a function's wait.
func TestCallbacksAreNotNested(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	here, there := pair(t)
	inside, ran := false, make(chan struct{})
	var w *Watch
	w = watchOn(t, s, 0, here, Readable, func(c *CPU, _ Events) {
		if inside {
			t.Error("within a function")
		}
		must(t, c.Call(ctx, 1, nop))
		must(t, c.Fence(ctx))
		must(t, w.Close())
		close(ran)
	})
	on(t, s, 0, func(c *CPU) {
		inside = true
		send(t, there, "x")
		c.AfterFunc(0, func(*CPU) {
			if inside {
				t.Error("a timer within a function")
			}
		})
		for range 10 {
			must(t, c.Call(ctx, 1, func(*CPU) { time.Sleep(time.Millisecond) }))
			c.Poll()
		}
		if !c.Pending() {
			t.Error("a timer waits, and nothing is pending")
		}
		inside = false
	})
	<-ran
}

// A CPU that is offline serves its watches and timers.
func TestOfflineServesWatches(t *testing.T) {
	limit(t)
	s := open(t, virtual(3))
	here, there := pair(t)
	got := make(chan string, 1)
	watchOn(t, s, 2, here, Readable, func(*CPU, Events) { got <- string(take(t, here)) })
	must(t, s.Offline(ctx, 2))
	send(t, there, "x")
	<-got
	must(t, s.Online(ctx, 2))
	send(t, there, "x")
	<-got
}

func openFiles(t *testing.T) int {
	dir, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	return len(dir)
}

func TestCloseLeavesNoFiles(t *testing.T) {
	for _, procs := range []int{1, 2} {
		limit(t)
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		here, there := pair(t)
		open(t, virtual(1)) // what the runtime opens for itself
		before := openFiles(t)
		for range 20 {
			s, err := Open(virtual(3))
			if err != nil {
				t.Fatal(err)
			}
			for cpu := range 3 {
				watchOn(t, s, cpu, here, Readable, func(*CPU, Events) { _ = take(t, here) })
				on(t, s, cpu, func(c *CPU) { c.AfterFunc(time.Hour, func(*CPU) { t.Error("an hour, so soon") }) })
			}
			send(t, there, "x")
			asleep(t, s, 2)
			must(t, s.Close())
		}
		if after := openFiles(t); after > before {
			t.Errorf("%d files open before, %d after", before, after)
		}
	}
}

func TestWatchErrors(t *testing.T) {
	s := open(t, virtual(1))
	here, _ := pair(t)
	ignore := func(*CPU, Events) {}
	watchOn(t, s, 0, here, Readable, ignore)
	on(t, s, 0, func(c *CPU) {
		for fd, want := range map[int]error{here: unix.EEXIST, -1: os.ErrInvalid, 1 << 20: unix.EBADF} {
			if _, err := c.Watch(fd, Readable, ignore); !errors.Is(err, want) {
				t.Errorf("descriptor %d: %v, want %v", fd, err, want)
			}
		}
	})
}

// A stall report names the function that was given to Watch.
func TestStallNamesTheWatch(t *testing.T) {
	limit(t)
	stalls := make(chan Stall, 100)
	s := open(t, Options{Virtual: true, CPUs: virtual(1).CPUs, StallAfter: 5 * time.Millisecond, OnStall: func(s Stall) {
		select {
		case stalls <- s:
		default:
		}
	}})
	here, there := pair(t)
	running, hold := make(chan struct{}), make(chan struct{})
	watchOn(t, s, 0, here, Readable, func(*CPU, Events) {
		_ = take(t, here)
		close(running)
		<-hold
	})
	send(t, there, "x")
	<-running
	called := make(chan error)
	go func() { called <- s.Call(ctx, 0, nop) }()
	stall := <-stalls
	close(hold)
	must(t, <-called)
	if want := "crosscall.TestStallNamesTheWatch.func"; !strings.HasPrefix(stall.Running, want) {
		t.Errorf("runs %q, want %s…", stall.Running, want)
	}
}
