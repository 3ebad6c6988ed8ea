//go:build amd64 || arm64

package goroutine

// ID identifies the calling goroutine. It does not change while the goroutine
// lives, and no two live goroutines have the same; one that starts later may get
// the ID of one that has ended. It is the address of the runtime's descriptor of
// the goroutine, so it is a number to compare and to hash, never a pointer.
func ID() uintptr
