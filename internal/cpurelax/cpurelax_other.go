//go:build !amd64 && !arm64

package cpurelax

// Relax does nothing here.
func Relax() {}
