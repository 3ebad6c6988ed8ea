package crosscall

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"crosscall/cpumask"
	"crosscall/internal/topology"
)

// A System that is opened within a function has all CPUs of the process, not the
// one that its executor is pinned to.
func TestOpenWithinAFunction(t *testing.T) {
	limit(t)
	s := open(t, Options{})
	var inner *System
	on(t, s, last(s), func(*CPU) { inner = open(t, Options{}) })
	if got, want := inner.PossibleMask(), s.PossibleMask(); got != want {
		t.Errorf("CPUs %v, want %v", got, want)
	}
	must(t, inner.CallEvery(ctx, nop))
}

// childCPUs returns the CPUs on which a child process may run.
func childCPUs(t *testing.T) cpumask.Mask {
	out, err := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status").Output()
	must(t, err)
	_, list, _ := strings.Cut(string(out), ":")
	m, err := cpumask.Parse(strings.TrimSpace(list))
	must(t, err)
	return m
}

// A child process inherits the affinity of the thread that starts it: one CPU
// from a function, all from another goroutine (see Limits in the package's
// documentation).
func TestChildProcessesOfFunctions(t *testing.T) {
	limit(t)
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("needs /proc")
	}
	s := open(t, Options{})
	cpu := last(s)
	all := childCPUs(t)
	on(t, s, cpu, func(*CPU) {
		if got := childCPUs(t); got != cpumask.Of(cpu) {
			t.Errorf("started by a function on CPU %d, a child may run on CPUs %v", cpu, got)
		}
		plain := make(chan cpumask.Mask)
		go func() { plain <- childCPUs(t) }()
		if got := <-plain; got != all {
			t.Errorf("started by a goroutine, a child may run on CPUs %v, want %v", got, all)
		}
	})
}

// leaveThread unlocks the executor that it runs on until the executor moves to
// another thread.
func leaveThread(unlocks int) {
	before := topology.ThreadID()
	for range unlocks {
		runtime.UnlockOSThread()
	}
	for topology.ThreadID() == before {
		for range 4 {
			go runtime.Gosched()
		}
		time.Sleep(time.Millisecond)
	}
}

// A function that unlocks its executor once does no harm.
func TestUnlockOSThread(t *testing.T) {
	limit(t)
	s := open(t, virtual(2))
	on(t, s, 1, func(*CPU) {
		before := topology.ThreadID()
		runtime.UnlockOSThread()
		for range 100 {
			go runtime.Gosched()
			time.Sleep(10 * time.Microsecond)
		}
		if topology.ThreadID() != before {
			t.Error("the executor left its thread")
		}
	})
}

const ownProcess = "CROSSCALL_TEST_OWN_PROCESS"

// An executor that was unlocked for good and has moved is locked and pinned
// again, its old thread is free again, and all of that is reported.
func TestExecutorLeavesItsThread(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("threads are not known on this platform")
	}
	// In a process of its own: a thread that is pinned and unlocked may start
	// other threads before it is unpinned, and these would stay pinned.
	if os.Getenv(ownProcess) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestExecutorLeavesItsThread$")
		cmd.Env = append(os.Environ(), ownProcess+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for name, after := range map[string]func(s *System){
		"and returns":    func(*System) {},
		"and exits":      func(*System) { runtime.Goexit() },
		"and gets Stats": func(s *System) { s.Stats() },
	} {
		t.Run(name, func(t *testing.T) {
			limit(t)
			changes := make(chan AffinityChange, 10)
			o := virtual(2)
			o.StallAfter = 40 * time.Millisecond // the monitor looks at a quarter of that
			o.OnStall = func(Stall) {}
			o.OnAffinity = func(a AffinityChange) { changes <- a }
			s := open(t, o)
			c := s.cpus[1]
			old := int(c.tid.Load())
			_ = s.Call(ctx, 1, func(*CPU) {
				leaveThread(threadLocks)
				after(s)
				if s.Stats(); !onlyOn(t, 0, c.pinTo) {
					t.Error("not pinned within the function, after Stats")
				}
			})
			// The new thread may have been made by the old one, which was still pinned.
			if got := <-changes; got.CPU != 1 || !got.Unlocked {
				t.Errorf("told %+v", got)
			}
			until(t, "the CPU is pinned", func() bool { return s.Stats().CPUs[1].Pinned })
			on(t, s, 1, func(*CPU) {
				if !onlyOn(t, 0, c.pinTo) {
					t.Error("said to be pinned, and is not")
				}
			})
			if int(c.tid.Load()) == old {
				return // a new executor, after one that exited, may be given that thread
			}
			if allowed, err := topology.PinnedTo(old); err == nil && allowed != s.topo.Affinity {
				t.Errorf("the old thread may run on CPUs %v, want %v", allowed, s.topo.Affinity)
			}
		})
	}
}

// onlyOn says whether a thread, 0 for this one, is pinned to a CPU.
func onlyOn(t *testing.T, tid, cpu int) bool {
	allowed, err := topology.PinnedTo(tid)
	must(t, err)
	return allowed == cpumask.Of(cpu)
}
