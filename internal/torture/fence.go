package torture

import (
	"context"
	"errors"

	"crosscall"
)

// object is held by functions while they run, as readers hold objects that RCU
// protects. It is found by a pointer, and poisoned after the pointer was changed
// and a Fence has passed. poisoned is plain: the Fence must order it.
type object struct{ poisoned bool }

// hold checks that the object that a function holds is not poisoned until release.
func (r *run) hold() (release func()) {
	o := r.object.Load()
	check := func() {
		if o.poisoned {
			r.fail("Fence returned while a function held what it had found before")
		}
	}
	check()
	return check
}

// fence unlinks the object, waits for a Fence and poisons it.
func (r *run) fence(ctx context.Context, who caller) {
	old := r.object.Swap(new(object))
	end := r.forcing(who)
	err := who.Fence(ctx)
	end()
	r.noteErr(err)
	// The Fence of a nested function may pass if the functions below it hold
	// nothing, because they call Fence themselves. If one does hold the object, it
	// notices the poison.
	nested := who.cpuState != nil && who.cpuState.depth > 1
	switch {
	case err == nil:
		old.poisoned = true
	case errors.Is(err, crosscall.ErrDeadlock) && nested:
	default:
		r.mayFail("Fence", ctx, err)
	}
}
