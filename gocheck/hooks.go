package gocheck

import (
	"runtime"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// Go starts fn as a goroutine: what a go statement becomes in code that is to be
// explored.
func Go(fn func()) {
	if x := sched.Active(); x != nil {
		x.Go(fn)
		return
	}
	go fn()
}

// Spin is what a loop calls that waits for another goroutine to change
// something, in the place of a pause or runtime.Gosched. Its caller goes on only
// when something has changed that it has read in the round that ends here. If
// nobody is left who could change it, that is a failure: a livelock.
//
// Each round of the loop must have no effect of its own besides what it writes
// through the drop-ins and announces with Write: a count of rounds is not seen,
// and the loop is not run again before something changes.
func Spin() {
	if x := sched.Active(); x != nil {
		x.Spin()
		return
	}
	runtime.Gosched()
}

// Idle is Spin in a loop that may wait so forever, because there is nothing left
// to do.
func Idle() {
	if x := sched.Active(); x != nil {
		x.Idle()
		return
	}
	runtime.Gosched()
}

// Read announces that the caller reads *p, all of it, as a copy does: p points to
// what goroutines share. A conflicting access to one of its bytes with no order
// between the two is a failure, and so is an operation that changes a variable of
// gocheck/atomic or gocheck/sync in it.
func Read[V any](p *V) {
	if x := sched.Active(); x != nil {
		x.Access(unsafe.Pointer(p), unsafe.Sizeof(*p), false)
	}
}

// Write announces that the caller writes *p, all of it.
func Write[V any](p *V) {
	if x := sched.Active(); x != nil {
		x.Access(unsafe.Pointer(p), unsafe.Sizeof(*p), true)
	}
}

// Var is a plain variable whose accesses are announced.
type Var[V any] struct{ v V }

// Get reads the variable.
func (a *Var[V]) Get() V {
	Read(&a.v)
	return a.v
}

// Set writes it.
func (a *Var[V]) Set(v V) {
	Write(&a.v)
	a.v = v
}

// Unwinding says that the execution of the caller has been given up, and that
// the panic which is on its way through it is gocheck's own: code that counts the
// panics it recovers can leave this one out.
func Unwinding() bool {
	x := sched.Active()
	return x != nil && x.Unwinding()
}
