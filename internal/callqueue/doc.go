// Package callqueue is the algorithm of the kernel's cross-CPU function call
// (kernel/smp.c) in Go: how a request gets from the calling CPU to the CPUs
// that run it, and how the answer gets back. It has no threads, clocks or I/O;
// for these it calls a Host. So all of its behaviour is in the order of its
// atomic operations, and can be explored.
//
// # Sources, targets, streams
//
// A Source sends requests. There is one for each CPU, and one for the external callers,
// which are all goroutines that are not a CPU. A target is a CPU with an Inbox. There
// are three transports for requests:
//
//   - A Lane, one for each pair of source and target: a ring of posts, and a
//     mailbox, which is a single cache line that holds request and reply. A
//     waiting call through the mailbox moves only that line, over and back,
//     which is the minimum for two CPUs.
//   - The single queue of a CPU (call_single_queue): a list of records behind a
//     lock. Only a sender that finds it empty rings the doorbell; the target
//     takes the whole list at once.
//   - The shared list (call_function.queue): one record serves all targets of a
//     call; each walks the list without a lock and runs the records that have
//     its bit. A record is reused without a grace period after its last target
//     is done.
//
// Lanes and the single queue are streams: they number their requests, so that a
// record on the shared list can say which requests were sent before it. So the
// calls of one source run on one target in order, whichever transports they
// use.
//
// # Ordering
//
// Go's atomics are sequentially consistent, which is more than smp_mb on either
// side of each of them, so all barriers of the C code are implied. Of the
// review of 2011, the order of the operations remains relevant; the comments in
// shared.go name the question that each order answers.
package callqueue
