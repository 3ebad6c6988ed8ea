package crosscall

import (
	"fmt"
	"runtime/debug"
	"testing"
	"time"

	"go.uber.org/goleak"

	"crosscall/cpumask"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit ends the process with all stacks if the test hangs.
func limit(t testing.TB) {
	timer := time.AfterFunc(5*time.Minute, func() {
		debug.SetTraceback("all")
		panic(t.Name() + " hangs")
	})
	t.Cleanup(func() { timer.Stop() })
}

// everywhere runs a test on every design and over several sets of CPUs, of at
// least so many.
func everywhere(t *testing.T, least int, test func(t *testing.T, s *System)) {
	limit(t)
	for name, o := range sizes(t) {
		if o.CPUs.Weight() >= least {
			eachDesignOf(t, name, o, test)
		}
	}
}

// overDesigns runs a test on n CPUs, by every design.
func overDesigns(t *testing.T, n int, test func(t *testing.T, s *System)) {
	limit(t)
	eachDesignOf(t, "virtual", virtual(n), test)
}

// asCallers runs a test as each kind of caller: a goroutine, a function by its
// CPU, a function by the System. In the latter it must not FailNow.
func asCallers(t *testing.T, s *System, test func(t *testing.T, k Caller)) {
	for _, cpu := range []int{first(s), last(s)} {
		t.Run(fmt.Sprintf("from CPU %d", cpu), func(t *testing.T) {
			must(t, s.Call(ctx, cpu, func(c *CPU) { test(t, c) }))
		})
		t.Run(fmt.Sprintf("from CPU %d by the System", cpu), func(t *testing.T) {
			must(t, s.Call(ctx, cpu, func(*CPU) { test(t, s) }))
		})
	}
	t.Run("from a goroutine", func(t *testing.T) { test(t, s) })
}

// until waits for something that needs no more than time.
func until(t testing.TB, what string, cond func() bool) {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); !cond(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("still not: ", what)
		}
	}
}

// tasks counts runs by CPU, each of its own count, as a shard would.
type tasks [cpumask.Max]int

func (n *tasks) fn(c *CPU) { n[c.ID()]++ }

func (n *tasks) are(t testing.TB, each int, want cpumask.Mask) {
	t.Helper()
	for cpu, got := range n {
		switch {
		case want.Test(cpu) && got != each:
			t.Errorf("ran %d times on CPU %d, want %d", got, cpu, each)
		case !want.Test(cpu) && got != 0:
			t.Errorf("ran %d times on CPU %d, want none", got, cpu)
		}
	}
}
