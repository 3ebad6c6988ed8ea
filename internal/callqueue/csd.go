package callqueue

import "crosscall/internal/atomics"

// Waiter is whoever waits for a call: it is woken once the call is complete.
type Waiter interface{ Wake() }

// flags of a CSD. They change together, in one atomic operation, because the
// target that completes a call must learn in that very operation whether
// somebody sleeps on it: a load before the clear could miss a waiter that parks
// between the two, and a load after it could touch a record already reused.
const (
	csdLock   = 1 << iota // in flight: the record belongs to the queue
	csdParked             // the waiter sleeps and wants a Wake
)

// CSD is a record of a call in flight, the kernel's call_single_data: who is to
// be told, and how many targets still owe an answer. The waiter spins on flags,
// so they have their cache line to themselves.
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

// NewAsync makes a record that nobody waits for and that its owner posts again
// and again. It is free again just before its function runs, as the kernel's
// CSD_TYPE_ASYNC, so the function may post its own record.
func NewAsync() *CSD { return &CSD{async: true} }

// TryLock takes the record for one flight. False: it is in flight already.
//
// It is a read-modify-write that writes even when it fails. A failed
// compare-and-swap is only a read and releases nothing, so who coalesces with a
// pending request (QueueRecord) would have no order between what it wrote
// before and the function that is to see it. The kernel's irq_work claims with
// atomic_fetch_or for the same reason.
func (d *CSD) TryLock() bool { return d.flags.Or(csdLock)&csdLock == 0 }

// Unlock gives back a record that was locked and not sent.
func (d *CSD) Unlock() { d.flags.Store(0) }

// kind says when a target may answer.
type kind uint8

const (
	whenIdle  kind = iota // before it sleeps: at the nesting limit it may put the call off
	urgent                // at any depth: a CPU waits for the call
	counted               // as urgent, but it takes room as a post does
	whenQuiet             // where it holds nothing: a fence. Accepted at any depth
)

// Arm makes the record ready for a call to n targets. No CPU may wait for it, or
// two that are at their nesting limit could wait for each other: see ArmUrgent.
func (d *CSD) Arm(n int, w Waiter) { d.arm(n, w, whenIdle) }

// ArmUrgent is Arm for a call that targets serve at any nesting depth, as a CPU
// waits for it.
func (d *CSD) ArmUrgent(n int, w Waiter) { d.arm(n, w, urgent) }

// ArmCounted is ArmUrgent for a caller that may have many such calls on their way,
// because it waits for them later: so they take room as posts do, which bounds
// those that run on a stack.
func (d *CSD) ArmCounted(n int, w Waiter) { d.arm(n, w, counted) }

// ArmFence is Arm for a call that a target answers only where it holds nothing.
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

// Done says whether all targets have answered. What they did before happens
// before a Done that is true.
func (d *CSD) Done() bool { return d.flags.Load()&csdLock == 0 }

// fenced says whether the record is a fence's.
func (d *CSD) fenced() bool {
	atomics.Read(&d.kind)
	return d.kind == whenQuiet
}

// urgent says whether targets have to take the call at any depth. A nil record
// is that of a post.
func (d *CSD) urgent() bool {
	if d == nil {
		return false
	}
	atomics.Read(&d.kind)
	return d.kind != whenIdle
}

// Overbooks says whether the call needs but a free slot, and no room beside the
// functions that run.
func (d *CSD) Overbooks() bool { return d.urgent() && d.kind != counted }

// Park announces that the waiter is about to sleep. False: do not, it is done.
// After true there is a Wake when it is done.
func (d *CSD) Park() bool {
	if d.flags.Or(csdParked)&csdLock != 0 {
		return true
	}
	d.flags.Store(0)
	return false
}

// Forgive takes back n targets that were armed for and not sent to. The sender
// of a call to many arms for one too many and forgives that when all is sent:
// until then the record cannot complete, whatever the targets do. True: that has
// completed it, and the waiter is not woken.
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
// clear, so what is needed after that is read before.
func (d *CSD) Put(err error) (belowZero bool) {
	if err != nil {
		d.fail(err)
	}
	// With one reference left nobody else can drop it, and the store is spared.
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
