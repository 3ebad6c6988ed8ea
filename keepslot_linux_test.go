package crosscall

import (
	"context"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A CPU that keeps its slot while it sleeps wakes for descriptors, calls and
// timers, both while it keeps the slot and later. It leaves a slot to goroutines,
// however few slots there are.
func TestKeepSlot(t *testing.T) {
	for _, procs := range []int{1, 2, 4} {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		sys, err := Open(Options{Spin: -1, KeepSlot: time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		var pipe [2]int
		if err := unix.Pipe2(pipe[:], unix.O_NONBLOCK|unix.O_CLOEXEC); err != nil {
			t.Fatal(err)
		}
		cpu := sys.possible.First()
		came := make(chan string)
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(sys.CallEvery(context.Background(), func(c *CPU) {
			if c.ID() != cpu {
				return
			}
			_, err := c.Watch(pipe[0], Readable, func(*CPU, Events) {
				var b [1]byte
				_, _ = unix.Read(pipe[0], b[:])
				came <- "data"
			})
			if err != nil {
				t.Error(err)
			}
		}))
		for _, pause := range []time.Duration{0, 100 * time.Microsecond, 3 * time.Millisecond} {
			for range 20 {
				time.Sleep(pause)
				_, err := unix.Write(pipe[1], []byte{1})
				must(err)
				if got := <-came; got != "data" {
					t.Errorf("got %s, want data", got)
				}
				time.Sleep(pause)
				must(sys.Call(context.Background(), cpu, func(c *CPU) {
					c.AfterFunc(pause, func(*CPU) { came <- "timer" })
				}))
				if got := <-came; got != "timer" {
					t.Errorf("got %s, want timer", got)
				}
			}
		}
		must(sys.Close())
		_ = unix.Close(pipe[0])
		_ = unix.Close(pipe[1])
	}
}
