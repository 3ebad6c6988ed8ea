package topology

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"crosscall/cpumask"

	"golang.org/x/sys/unix"
)

// onOwnThread runs f on a thread that ends with it, so that f may pin it.
func onOwnThread(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends, and its affinity with it
		f()
	}()
	<-done
}

func TestPin(t *testing.T) {
	topo, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	for cpu := range topo.Affinity.All() {
		onOwnThread(func() {
			if err := Pin(cpu); err != nil {
				t.Error(err)
				return
			}
			if got := Current(); got != cpu {
				t.Errorf("pinned to CPU %d, running on %d", cpu, got)
			}
			checkPinnedTo(t, 0, cpu)
			// From another thread, as a System does for its executors.
			tid, asked := ThreadID(), make(chan struct{})
			go func() { defer close(asked); checkPinnedTo(t, tid, cpu) }()
			<-asked
		})
	}
	if again, err := Read(); err != nil || again.Affinity != topo.Affinity {
		t.Errorf("the process has affinity %v (%v) after threads were pinned, %v before", again.Affinity, err, topo.Affinity)
	}
}

func checkPinnedTo(t *testing.T, tid, cpu int) {
	if got, err := PinnedTo(tid); err != nil || got != cpumask.Of(cpu) {
		t.Errorf("thread %d is pinned to %v (%v), want %d", tid, got, err, cpu)
	}
}

func TestPinErrors(t *testing.T) {
	topo, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	// As a bit number, -63 would be CPU 1 and -64 outside the array.
	for _, cpu := range []int{-1, -63, -64, cpumask.Max - 1, cpumask.Max} {
		if topo.Node(cpu) >= 0 {
			continue // this machine has it
		}
		onOwnThread(func() {
			if err := Pin(cpu); !errors.Is(err, unix.EINVAL) {
				t.Errorf("Pin(%d) = %v, want EINVAL", cpu, err)
			}
			if got, err := PinnedTo(0); err != nil || got != topo.Affinity {
				t.Errorf("affinity %v (%v) after a Pin that failed, %v before", got, err, topo.Affinity)
			}
		})
	}
}

func TestPinnedToNoThread(t *testing.T) {
	if m, err := PinnedTo(1 << 30); !errors.Is(err, unix.ESRCH) { // above the kernel's largest pid_max, 1<<22
		t.Errorf("PinnedTo(1<<30) = %v, %v; want ESRCH", m, err)
	}
}

func TestThreadID(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own := ThreadID()
	onOwnThread(func() {
		if other := ThreadID(); other == own || other <= 0 {
			t.Errorf("two threads have IDs %d and %d", own, other)
		}
	})
}

func TestCurrentIsInAffinity(t *testing.T) {
	affinity, err := PinnedTo(0)
	if err != nil {
		t.Fatal(err)
	}
	if cpu := Current(); !affinity.Test(cpu) {
		t.Errorf("running on CPU %d, affinity %v", cpu, affinity)
	}
}

func TestMaskOf(t *testing.T) {
	set := unix.NewCPUSet(kernelMax)
	for _, cpu := range []int{0, 63, 64, 1023} {
		set.Set(cpu)
	}
	if m, err := maskOf(set); err != nil || m != cpumask.Of(0, 63, 64, 1023) {
		t.Errorf("maskOf = %v, %v; want 0,63-64,1023", m, err)
	}
	set.Set(1024)
	if m, err := maskOf(set); err == nil || !strings.Contains(err.Error(), "CPU 1024") || !m.Empty() {
		t.Errorf("maskOf = %v, %v; want an error that names CPU 1024", m, err)
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := Read(); err != nil {
			b.Fatal(err)
		}
	}
}
