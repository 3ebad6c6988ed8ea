// Package percpu keeps one value for each CPU of a [crosscall.System]: written by
// functions on that CPU without locks and without atomics, read by a cross call.
// It is the kernel's DEFINE_PER_CPU (include/linux/percpu-defs.h) and its
// percpu_counter (lib/percpu_counter.c) over a System.
//
// It is for data that is written often and read rarely. A write is a plain
// store to a cache line that no other CPU uses; a read of all values is a call
// to each CPU. For goroutines that are not on a CPU of a System there are
// [Counter.AddAny] and [Sharded].
package percpu

import (
	"context"
	"errors"
	"iter"

	"crosscall"
	"crosscall/cpumask"

	"golang.org/x/sys/cpu"
)

// Value is one T for each possible CPU of a System, at first the zero T.
type Value[T any] struct {
	sys   *crosscall.System
	slots []*slot[T] // by CPU number; nil where there is no such CPU
}

// slot is a T that shares no cache line with other data. It has a pad on both
// sides, because the allocator guarantees no alignment to lines. So two T are
// two lines apart, and a prefetcher that fetches lines in pairs does not make
// them interfere either.
type slot[T any] struct {
	_ cpu.CacheLinePad
	v T
	_ cpu.CacheLinePad
}

// New makes a value for each possible CPU of s, online or not.
func New[T any](s *crosscall.System) *Value[T] {
	v := &Value[T]{sys: s}
	possible := s.PossibleMask()
	for n := range possible.All() {
		for len(v.slots) <= n {
			v.slots = append(v.slots, nil)
		}
		v.slots[n] = new(slot[T])
	}
	return v
}

// On returns the value of the CPU that the calling function runs on, as
// this_cpu_ptr does. c must be that function's own.
//
// The pointer is valid until this function returns. As long as the function does
// not wait, its uses of the value are one atomic step for all other users. In a
// wait (a call that waits, [crosscall.CPU.Poll]) the CPU serves other functions,
// and they may use the same value, like an interrupt handler in the kernel,
// which preempt_disable does not keep out.
//
// On panics if c is a CPU of another System.
func (v *Value[T]) On(c *crosscall.CPU) *T {
	v.mustOwn(c)
	return &v.slots[c.ID()].v
}

// mustOwn panics if c is a CPU of another System, which would write to the
// value of this System's CPU with the same number.
func (v *Value[T]) mustOwn(c *crosscall.CPU) {
	if c.System() != v.sys {
		panic("percpu: value used on a CPU of another System")
	}
}

// Each runs fn with the value of each possible CPU, one at a time, in the order
// of the CPUs, by a call from caller to the CPU that owns the value. So fn may
// add to a plain variable. For work in parallel use CallEvery and [Value.On].
//
// Values of CPUs that are offline are visited last, within a Stop: fn then runs
// on another CPU, while all are held, and may not wait.
//
// Each ends at the first error. If that is ctx's, one fn may still run after
// it. From within a Stop it returns ErrDeadlock.
func (v *Value[T]) Each(ctx context.Context, caller crosscall.Caller, fn func(cpu int, v *T)) error {
	var missed cpumask.Mask
	visit := func(c *crosscall.CPU) { fn(c.ID(), v.On(c)) }
	for cpu := range v.All() {
		switch err := caller.Call(ctx, cpu, visit); {
		case isOffline(err):
			missed.Set(cpu)
		case err != nil:
			return err
		}
	}
	if missed.Empty() {
		return nil
	}
	return v.stopped(ctx, caller, &missed, fn)
}

// isOffline reports whether a call was refused because its CPU is offline. It is
// false for a fn that panicked with such an error, for example of its own call:
// that value has been visited.
func isOffline(err error) bool {
	var p *crosscall.PanicError
	return errors.Is(err, crosscall.ErrOffline) && !errors.As(err, &p)
}

// stopped visits the values of CPUs that were offline. No function runs there,
// but a visit from another CPU, under any lock of this package, would race with
// Online: the CPU comes online, does not take the lock, and writes. Stop excludes
// that. Stop, Online and Offline exclude each other, and Offline ends only when
// the CPU has run all that it had accepted. So within a Stop each CPU is either
// held or has nothing to run, and a CPU of missed may be either by now. The same
// order makes the CPU's writes before it went offline visible here, and the
// writes of fn visible to the CPU when it is online again.
//
// The kernel's percpu_counter need not stop other CPUs: it has a callback for a
// CPU that goes offline, which adds that CPU's count to another
// (percpu_counter_cpu_dead).
func (v *Value[T]) stopped(ctx context.Context, caller crosscall.Caller, missed *cpumask.Mask, fn func(cpu int, v *T)) error {
	return caller.Stop(ctx, func(c *crosscall.CPU) {
		v.mustOwn(c)
		for cpu := range missed.All() {
			fn(cpu, &v.slots[cpu].v)
		}
	})
}

// All yields the CPUs and pointers to their values, as per_cpu_ptr does, without
// calls. Use it only while no function can use the value: before any function has
// it, within a Stop, or after Close of the System has returned.
func (v *Value[T]) All() iter.Seq2[int, *T] {
	return func(yield func(int, *T) bool) {
		for cpu, s := range v.slots {
			if s != nil && !yield(cpu, &s.v) {
				return
			}
		}
	}
}
