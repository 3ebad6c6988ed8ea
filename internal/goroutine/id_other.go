//go:build !amd64 && !arm64

package goroutine

// ID identifies the calling goroutine. It does not change while the goroutine
// lives, and no two live goroutines have the same. Here it takes microseconds.
func ID() uintptr { return uintptr(Number()) }
