package gocheck

import (
	"runtime"
	"unsafe"

	"crosscall/gocheck/internal/sched"
)

// Go starts fn as a goroutine. In code that is explored it replaces the go
// statement.
func Go(fn func()) {
	if x := sched.Active(); x != nil {
		x.Go(fn)
		return
	}
	go fn()
}

// Spin is called in a loop that waits for another goroutine to change something,
// in place of a pause or runtime.Gosched. Its caller goes on only when a value
// has changed that it has read in the round that ends here. If no goroutine is
// left that could change it, that is a failure: a livelock.
//
// A round of the loop may have effects only through the drop-ins and Write: a
// count of its rounds is not seen, and the loop is not run again before
// something changes.
func Spin() {
	if x := sched.Active(); x != nil {
		x.Spin()
		return
	}
	runtime.Gosched()
}

// Idle is Spin in a loop that may wait forever, because there is nothing left to
// do.
func Idle() {
	if x := sched.Active(); x != nil {
		x.Idle()
		return
	}
	runtime.Gosched()
}

// Read announces that the caller reads all of *p, as a copy does. Goroutines
// share *p. A conflicting access to one of its bytes with no order between the
// two is a failure, and so is an operation that changes a variable of
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

// Unwinding reports whether the execution of the caller has been given up. The
// panic that unwinds the caller is then gocheck's own: code that counts recovered
// panics can leave it out.
func Unwinding() bool {
	x := sched.Active()
	return x != nil && x.Unwinding()
}
