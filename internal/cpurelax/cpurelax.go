//go:build amd64 || arm64

// Package cpurelax has the kernel's cpu_relax, for a loop between two reads of
// a word that another CPU will write.
//
// Without it the loop speculates, with dozens of loads of that word in flight,
// and the write discards all of them. If the writer is a hyperthread of the same
// core, that costs it half of its speed: measured, a call and its answer take
// 1.5 ping-pongs with a plain loop at the target and 1.0 with a pause.
package cpurelax

import "unsafe"

// Relax waits some ten nanoseconds, leaving the core to its other hyperthread.
func Relax()

// PrefetchW prefetches the cache line of addr for writing, and does not wait for
// it. Before a load of a line that another core has modified, and that is written
// next, it saves one of two transfers: the load alone would get the line shared.
// Measured between cores that do not share a cache, a ping-pong with it takes 0.3
// to 0.55 of one without.
func PrefetchW(addr unsafe.Pointer)
