// Package callqueue is the algorithm of the kernel's cross-CPU function call
// (kernel/smp.c) in Go: how a request gets from the CPU that asks to the CPUs
// that run it, and how the answer gets back. There are no threads, clocks or
// I/O in here; what it needs of the world it asks of a Host. So all of its
// behaviour is in the order of its atomic operations, and can be explored.
//
// # Sources, targets, streams
//
// A Source is a party that asks: one for each CPU, and the external callers, which stand
// for all goroutines that are not a CPU. A target is a CPU with an Inbox. Three
// things carry requests:
//
//   - A Lane, one for each pair of source and target: a ring of requests that
//     nobody waits for, and a mailbox, which is a single cache line that holds
//     request and reply. A waiting call through the mailbox moves that line
//     over and back and nothing else, which is the least that two CPUs can do.
//   - The single queue of a CPU (call_single_queue): a list of records behind a
//     lock. Only who finds it empty rings the doorbell; the target takes all of
//     it at once.
//   - The shared list (call_function.queue): one record serves all targets of a
//     call; each walks the list without a lock and takes what bears its bit. A
//     record is used again with no grace period after its last target is done.
//
// Lanes and the single queue are streams: they number what they carry, so that
// a record on the shared list can say which requests went before it. This is
// how the calls of one source reach one target in order, whatever carries them.
//
// # Ordering
//
// Go's atomics are sequentially consistent, which is more than smp_mb on either
// side of each of them, so the barriers of the C code are all here; none is
// spelled. What remains of the review of 2011 is the order of the operations,
// and the comments in shared.go name the question that each answers.
package callqueue
