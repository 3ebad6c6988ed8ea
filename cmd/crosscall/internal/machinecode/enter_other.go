//go:build !((linux && (amd64 || arm64)) || (darwin && amd64))

package machinecode

import "unsafe"

func enter(uintptr, unsafe.Pointer) {}

func executable([]byte) ([]byte, error) { return nil, ErrUnsupported }

func release([]byte) error { return nil }

// Memory is zeroed memory outside of Go's heap, at the start of a page.
func Memory(int) ([]byte, error) { return nil, ErrUnsupported }

// Free gives Memory back.
func Free([]byte) error { return nil }

// Supported says whether this platform runs code that was made at run time.
const Supported = false
