//go:build !linux

package serve

// limitProcess does nothing where the kernel has no such limit: the checker's own limit of
// memory is left.
func limitProcess(int64) {}
