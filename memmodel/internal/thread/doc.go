// Package thread runs one thread of a program by itself, before it is known what its
// reads return.
//
// Values that are not known stay symbols (Sym), so that a thread goes on past a read.
// The result is a Path: events, dependencies, and demands on the values.
//
//   - Unfold takes all ways through a thread at once. Every way ends; loops that depend
//     on open values are cut at a bound.
//   - A Runner takes one way. It stops where a branch or an address depends on an open
//     value, and goes on when its caller knows the value. It follows pointers, and finds
//     out which iterations of a loop only wait (waiting.go), also under a lock (poll.go), or
//     fail without a reason (lapse.go).
//   - A Flow is what is known of a thread before it runs: which cells it may still write,
//     which registers are alive at the head of a loop.
package thread
