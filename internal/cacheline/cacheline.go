// Package cacheline keeps small objects that every call reads on other cache
// lines than objects that others write.
package cacheline

import "unsafe"

// Size is the size of a cache line, in bytes, on the usual machines.
const Size = 64

// Slice is make([]T, n) with an unused cache line on either side. The allocator
// packs small objects: a slice of two words could share its line with another
// object of that size that the program writes, and each read of the slice would
// wait for the writer's CPU.
func Slice[T any](n int) []T {
	var t T
	pad := (Size + int(unsafe.Sizeof(t)) - 1) / int(unsafe.Sizeof(t))
	return make([]T, pad+n+pad)[pad : pad+n : pad+n]
}
