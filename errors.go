package crosscall

import (
	"errors"
	"fmt"
)

var (
	// ErrOffline: the CPU is offline or not one of the System's (ENXIO).
	ErrOffline = errors.New("crosscall: CPU is offline")
	// ErrBusy: the record is in flight (EBUSY), or the call was to take the last
	// CPU offline.
	ErrBusy = errors.New("crosscall: busy")
	// ErrFull: there is no room for the request, and the call does not wait for
	// room (TryPost, records) or the wait could be a deadlock (Post at the
	// nesting limit).
	ErrFull = errors.New("crosscall: no room for the request")
	// ErrClosed: the System is closed.
	ErrClosed = errors.New("crosscall: System is closed")
	// ErrDeadlock: the call would wait for a function that waits for the caller.
	ErrDeadlock = errors.New("crosscall: waiting here would deadlock")
	// ErrNoCPU: no CPU of the mask is online.
	ErrNoCPU = errors.New("crosscall: no CPU of the mask is online")
	// ErrExited: the function ended its goroutine by runtime.Goexit, as
	// testing.T.FailNow does.
	ErrExited = errors.New("crosscall: function called runtime.Goexit")
)

// PanicError is the panic of a function, as the error of the call.
type PanicError struct {
	CPU   int
	Value any    // what was passed to panic
	Stack []byte // of the panic, on the executor
}

func (p *PanicError) Error() string {
	return fmt.Sprintf("crosscall: panic on CPU %d: %v", p.CPU, p.Value)
}

// Unwrap returns the panic's value if that is an error.
func (p *PanicError) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}
