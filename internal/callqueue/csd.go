package callqueue

import "crosscall/internal/atomics"

// Waiter is the waiter for a call. It is woken once the call is complete.
type Waiter interface{ Wake() }

// flags of a CSD. They change together, in one atomic operation, because the
// target that completes a call must find out in the same operation whether a
// waiter sleeps: a load before the clear could miss a waiter that parks between
// the two, and a load after it could read a record that is already reused.
const (
	csdLock   = 1 << iota // in flight: the record belongs to the queue
	csdParked             // the waiter sleeps and needs a Wake
)

// CSD is a record of a call in flight, the kernel's call_single_data: the
// waiter, and how many targets still have to answer. The waiter spins on flags,
// so they have a cache line of their own.
type CSD struct {
	_     [64]byte
	flags atomics.Uint32
	_     [64]byte

	refs   atomics.Int32
	async  bool
	kind   kind
	waiter Waiter
	faults atomics.Pointer[fault]
}

// fault is one target's error; targets push theirs concurrently.
type fault struct {
	err  error
	next *fault
}

// NewAsync makes a record without a waiter, which its owner posts again and
// again. It is unlocked just before its function runs, like the kernel's
// CSD_TYPE_ASYNC, so the function may post its own record.
func NewAsync() *CSD { return &CSD{async: true} }

// TryLock takes the record for one flight. False: it is in flight already.
//
// It is a read-modify-write that writes even when it fails. A failed
// compare-and-swap is only a read and releases nothing. A caller that coalesces
// with a pending request (QueueRecord) would then have no order between its
// earlier writes and the function that has to see them. The kernel's irq_work
// claims with atomic_fetch_or for the same reason.
func (d *CSD) TryLock() bool { return d.flags.Or(csdLock)&csdLock == 0 }

// Unlock unlocks a record that was locked and not sent.
func (d *CSD) Unlock() { d.flags.Store(0) }

// kind says at which points a target may answer.
type kind uint8

const (
	whenIdle  kind = iota // before it sleeps: at the nesting limit it may put the call off
	urgent                // at any depth: a CPU waits for the call
	counted               // like urgent, but it takes room as a post does
	whenQuiet             // where it holds nothing: a fence. Accepted at any depth
)

// Arm prepares the record for a call to n targets. No CPU may wait for it:
// otherwise two CPUs at their nesting limits could wait for each other. See
// ArmUrgent.
func (d *CSD) Arm(n int, w Waiter) { d.arm(n, w, whenIdle) }

// ArmUrgent is Arm for a call that targets serve at any nesting depth, because
// a CPU waits for it.
func (d *CSD) ArmUrgent(n int, w Waiter) { d.arm(n, w, urgent) }

// ArmCounted is ArmUrgent for a caller that may have many such calls in flight,
// because it waits for them later. They take room as posts do, which bounds how
// many of them run on a stack.
func (d *CSD) ArmCounted(n int, w Waiter) { d.arm(n, w, counted) }

// ArmFence is Arm for a call that a target answers only when it holds nothing.
func (d *CSD) ArmFence(n int, w Waiter) { d.arm(n, w, whenQuiet) }

// ArmNotify is Arm for a call whose waiter is woken at its end in any case, as if
// it slept from the beginning.
func (d *CSD) ArmNotify(n int, w Waiter) {
	d.arm(n, w, whenIdle)
	d.flags.Store(csdLock | csdParked)
}

func (d *CSD) arm(n int, w Waiter, k kind) {
	d.faults.Store(nil)
	atomics.Write(&d.waiter)
	atomics.Write(&d.kind)
	d.waiter, d.kind = w, k
	d.refs.Store(int32(n))
	d.flags.Store(csdLock)
}

// Done reports whether all targets have answered. Everything before their
// answers happens before a Done that returns true.
func (d *CSD) Done() bool { return d.flags.Load()&csdLock == 0 }

// fenced reports whether the record is a fence's.
func (d *CSD) fenced() bool {
	atomics.Read(&d.kind)
	return d.kind == whenQuiet
}

// urgent reports whether targets have to run the call at any depth. A nil
// record is that of a post.
func (d *CSD) urgent() bool {
	if d == nil {
		return false
	}
	atomics.Read(&d.kind)
	return d.kind != whenIdle
}

// Overbooks reports whether the call needs only a free slot: functions that run
// do not count against its room.
func (d *CSD) Overbooks() bool { return d.urgent() && d.kind != counted }

// Park announces that the waiter is about to sleep. It returns false if the
// call is done: do not sleep then. After true, a Wake follows when the call is
// done.
func (d *CSD) Park() bool {
	if d.flags.Or(csdParked)&csdLock != 0 {
		return true
	}
	d.flags.Store(0)
	return false
}

// Forgive subtracts n targets that were counted by Arm but not sent to. The
// sender of a call to many arms for one more than it has and forgives that one
// when all is sent: until then the record cannot complete. If Forgive completes
// the record, it returns true, and the waiter is not woken.
func (d *CSD) Forgive(n int) (done bool) {
	if d.refs.Add(int32(-n)) != 0 {
		return false
	}
	d.flags.Store(0)
	return true
}

// Errs passes each target's error to yield, in no order. Only after Done.
func (d *CSD) Errs(yield func(error)) {
	for f := d.faults.Load(); f != nil; f = f.next {
		atomics.Read(f)
		yield(f.err)
	}
}

func (d *CSD) fail(err error) {
	f := &fault{err: err}
	atomics.Write(f)
	for {
		f.next = d.faults.Load()
		if d.faults.CompareAndSwap(f.next, f) {
			return
		}
	}
}

// Put is one target's answer. The record may be reused as soon as the flags are
// clear, so fields that are needed after that are read before.
func (d *CSD) Put(err error) (belowZero bool) {
	if err != nil {
		d.fail(err)
	}
	// With one reference left no other target can drop it, so the store is not
	// needed.
	if d.refs.Load() != 1 {
		if left := d.refs.Add(-1); left != 0 {
			return left < 0
		}
	}
	atomics.Read(&d.waiter)
	w := d.waiter
	if d.flags.Swap(0)&csdParked != 0 {
		w.Wake()
	}
	return false
}
