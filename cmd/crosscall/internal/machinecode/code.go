// Package machinecode runs machine code that was made at run time.
//
// # What the code may do
//
// It is called like an assembly function of Go without arguments, with the address of a
// block in RDI (X0 on arm64). It may change all registers but the stack pointer, the frame
// pointer and, on arm64, X18, X26 to X28 and the link register. It must not use the stack,
// and must return soon: the garbage collector waits for it. A signal that comes meanwhile is
// handled on the signal stack, and Go does not preempt code that it does not know.
//
// # Memory
//
// No memory is writable and executable at the same time: code is written to pages of its
// own, which then become executable and are never written again. So instruction caches hold
// nothing stale: the kernel makes them coherent when fresh pages become executable.
package machinecode

import (
	"errors"
	"unsafe"
)

// ErrUnsupported says that this platform does not run such code.
var ErrUnsupported = errors.New("machine code that is made at run time is supported on Linux and macOS with amd64, and on Linux with arm64")

// Code is code in memory that can be executed.
type Code struct {
	pages []byte
}

// Map puts code into memory.
func Map(code []byte) (*Code, error) {
	pages, err := executable(code)
	if err != nil {
		return nil, err
	}
	return &Code{pages}, nil
}

// Run executes the code with the address of a block. The block must not be on the stack of a
// goroutine: what unsafe.Pointer refers to here escapes to the heap.
func (c *Code) Run(block unsafe.Pointer) {
	enter(uintptr(unsafe.Pointer(unsafe.SliceData(c.pages))), block)
}

// Close gives the memory back. The code must not run.
func (c *Code) Close() error { return release(c.pages) }
