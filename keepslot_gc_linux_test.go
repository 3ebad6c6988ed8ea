package crosscall

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The world can be stopped while all executors sleep with their slots, again and
// again, however long they would go on: a signal ends the sleep.
func TestKeepSlotStopsForTheCollector(t *testing.T) {
	openKeeper(t, maxKeepSlot, time.Hour)
	for range 50 {
		stopAllOnce()
	}
}

// Without signals a stop waits for the sleep's end, which KeepSlot bounds.
func TestKeepSlotWithoutAsyncPreemption(t *testing.T) {
	if strings.Contains(os.Getenv("GODEBUG"), "asyncpreemptoff=1") {
		openKeeper(t, maxKeepSlot, maxKeepSlot)
		for range 50 {
			stopAllOnce()
		}
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.timeout", "1m")
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestKeepSlotIsBounded(t *testing.T) {
	for _, d := range []time.Duration{-1, maxKeepSlot + 1, time.Hour} {
		if sys, err := Open(Options{KeepSlot: d}); err == nil {
			_ = sys.Close()
			t.Errorf("KeepSlot %v: no error", d)
		}
	}
}

// openKeeper opens a System whose CPUs all sleep for a descriptor. It then sets
// KeepSlot to short, without the check of Open.
func openKeeper(t *testing.T, checked, short time.Duration) {
	old := runtime.GOMAXPROCS(runtime.NumCPU() + 1)
	t.Cleanup(func() { runtime.GOMAXPROCS(old) })
	sys, err := Open(Options{Spin: -1, KeepSlot: checked})
	if err != nil {
		t.Fatal(err)
	}
	sys.opts.KeepSlot = short // before any CPU has a watch
	t.Cleanup(func() {
		if err := sys.Close(); err != nil {
			t.Error(err)
		}
	})
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = unix.Close(pipe[0]), unix.Close(pipe[1]) })
	err = sys.CallEvery(t.Context(), func(c *CPU) {
		if _, err := c.Watch(pipe[0], Readable, func(*CPU, Events) {}); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond) // for the sleeps to begin: if they have not, the next round finds them
}

// stopAllOnce stops the world, by itself and in a collection.
func stopAllOnce() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	runtime.GC()
}
