// Package cacheline keeps small things that every call reads away from things
// that others write.
package cacheline

import "unsafe"

// Size is that of a cache line, in bytes, on the machines that matter here.
const Size = 64

// Slice is make([]T, n) with a cache line of nothing on either side. The
// allocator packs small objects; a slice of two words would share its line with
// whatever else of that size the program writes to, and each read of it would
// wait for the writer's CPU.
func Slice[T any](n int) []T {
	var t T
	pad := (Size + int(unsafe.Sizeof(t)) - 1) / int(unsafe.Sizeof(t))
	return make([]T, pad+n+pad)[pad : pad+n : pad+n]
}
