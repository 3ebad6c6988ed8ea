// Package crosscall runs functions on other CPUs. It is for Go what
// smp_call_function and related functions are for the Linux kernel.
//
// A [System] has one executor for each CPU: a goroutine locked to a thread that
// is pinned there. Any goroutine may have it run a function on one CPU, on many
// or on any, and wait for it or not. The function gets the [CPU] that it runs
// on, through which it may call other CPUs in turn.
//
//	sys, err := crosscall.Open(crosscall.Options{})
//	if err != nil { ... }
//	defer sys.Close()
//	err = sys.Call(ctx, 1, func(c *crosscall.CPU) { ... })
//
// # Guarantees
//
// Order. Everything before a call happens before its function. The function
// happens before the return of the call that waits for it, even if it panics. The
// calls of one caller to one CPU begin in the order in which they were made,
// whether they wait or not and however many CPUs they are for. A CPU is one
// caller, and a goroutine is one caller. sync/atomic makes all of these edges, so
// the race detector knows them.
//
// Exclusion. A CPU runs one function at a time, so data that only one CPU uses
// needs no lock. There is one exception: while a function waits for another CPU
// (Call and the like, [CPU.Poll]), its own CPU serves others. Without that, A
// calling B while B calls A would never end; the kernel forbids such calls,
// this package serves them. A function that must not be interleaved sends with
// TryPost, which serves no others.
//
// Bounds. At most [MaxNesting] functions of a CPU wait within each other. At that
// depth, or when 256 functions have run during one wait of the outermost one, the
// CPU serves only calls that some CPU waits for, and earlier requests of the same
// caller. A post takes room until its function has returned. So an endless stream
// of requests exhausts neither a stack nor memory, and the oldest request ends.
//
// Exactly once. A function runs once on each CPU for which the call did not
// return an error. A call to many leaves out the CPUs that are offline, as in
// the kernel. When a context ends, the waiting ends, but not the function.
//
// Progress. No call waits forever for a CPU that has gone offline: that CPU
// first runs all that it has accepted. A panic of a function is an error of its
// own call and affects no other. A function that calls runtime.Goexit ends its
// own call with ErrExited, and the calls of the functions that were waiting
// below it on the same CPU. The CPU goes on.
//
// # Sockets and timers
//
// An executor can wait for file descriptors and timers too, in the same sleep as
// for calls: see [CPU.Watch] and [CPU.AfterFunc]. Their functions run on that CPU
// like any other, but never within the wait of another function. A CPU that is
// offline continues to serve them; a System's Close drops them.
//
// # Costs
//
// A waiting call between two CPUs that are awake moves one cache line there and
// back. An executor with nothing to do spins for some microseconds, for as long
// as has recently paid off, and then sleeps. Waking it costs its caller one
// system call. While it runs or spins, an executor takes one of the GOMAXPROCS
// slots of the Go scheduler, as any goroutine does. If computing goroutines have
// all slots, an executor that wakes gets a slot when the scheduler preempts one
// of them, up to 10 ms later. If that matters, set GOMAXPROCS above the number of
// CPUs and let the kernel schedule.
//
// # Limits
//
// CPUs are numbered below [cpumask.Max]. Pinning needs Linux; elsewhere the
// executors run unpinned, everything else works, and [CPUStats] says so. A
// function that never returns blocks its CPU, and all callers that wait for it:
// the package reports it (see [Options]) but cannot end it.
//
// Some deadlocks cannot be detected when they arise, because the package knows
// only of waits for calls. They show as stall reports:
//
//   - A function waits for a goroutine (a channel, a WaitGroup) that calls the
//     function's own CPU. Instead, return from the function and let the goroutine
//     Post the rest of the work, or let the function Poll until the goroutine is
//     done.
//   - A function locks a mutex whose holder calls the function's CPU. Do not hold a
//     mutex over a call. Let one CPU own the data that it guards, or unlock it
//     first.
//   - A function waits for a goroutine that calls Close, Stop or Offline. Give these
//     a context that ends ([System.CloseContext]), or do not wait there.
//
// A child process that a function starts inherits the affinity of the executor's
// thread, one CPU. Start it from another goroutine instead: go func() {
// err = cmd.Run(); close(done) }(). Goroutines that a function starts run on other
// threads, with the affinity of the process, and so does [Open] in a function.
// They inherit the executor's profiler label, crosscall.cpu, by which stall
// reports find its stack.
//
// An executor stays on its thread when a function calls
// [runtime.UnlockOSThread] without having locked it, because it is locked
// many times over. If functions undo all these locks and it leaves its thread,
// it is locked and pinned again before it sleeps, and Options.OnAffinity is
// called.
package crosscall
