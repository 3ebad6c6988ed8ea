//go:build amd64 || arm64

// Package cpurelax has the kernel's cpu_relax: what a loop does between two
// looks at a word that another CPU will write.
//
// Without it the loop runs ahead, with dozens of loads of that word in flight,
// and the write throws all of them away. Where the writer is a hyperthread of
// the same core that costs it half of its speed: measured, a call and its answer
// take 1.5 bare ping-pongs with a bare loop at the target and 1.0 with a pause.
package cpurelax

import "unsafe"

// Relax waits some ten nanoseconds, leaving the core to its other hyperthread.
func Relax()

// PrefetchW asks for the cache line of addr as if to write to it, and does not
// wait for it. Before a load of a line that another core has modified and that is
// to be written next it saves one of two transfers: the load alone would leave the
// line shared. Measured between cores that do not share a cache, a ping-pong with
// it takes 0.3 to 0.55 of one without.
func PrefetchW(addr unsafe.Pointer)
