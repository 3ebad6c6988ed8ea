//go:build (linux && (amd64 || arm64)) || (darwin && amd64)

package machinecode

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// enter calls the code at an address.
func enter(code uintptr, block unsafe.Pointer)

func executable(code []byte) ([]byte, error) {
	pages, err := unix.Mmap(-1, 0, max(len(code), 1), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	copy(pages, code)
	if err := unix.Mprotect(pages, unix.PROT_READ|unix.PROT_EXEC); err != nil {
		return nil, errors.Join(err, unix.Munmap(pages))
	}
	return pages, nil
}

func release(pages []byte) error { return unix.Munmap(pages) }

// Memory is zeroed memory outside of Go's heap, at the start of a page.
func Memory(size int) ([]byte, error) {
	return unix.Mmap(-1, 0, max(size, 1), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
}

// Free gives Memory back.
func Free(memory []byte) error { return unix.Munmap(memory) }

// Supported says whether this platform runs code that was made at run time.
const Supported = true
