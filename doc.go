// Package crosscall runs functions on other CPUs: the Linux kernel's cross-CPU
// function calls (smp_call_function and its kin) for Go.
//
// A [System] keeps one executor for each CPU: a goroutine locked to a thread
// that is pinned there. Any goroutine may ask it to run a function on one CPU,
// on many or on any, and wait for it or not. What runs on an executor gets its
// [CPU], through which it may call other CPUs in turn.
//
//	sys, err := crosscall.Open(crosscall.Options{})
//	if err != nil { ... }
//	defer sys.Close()
//	err = sys.Call(ctx, 1, func(c *crosscall.CPU) { ... })
//
// # What is guaranteed
//
// Order. What precedes a call happens before its function. The function happens
// before the return of the call that waits for it, even if it panics. The calls
// of one caller to one CPU begin in the order in which they were made, whether
// they wait or not and to how many CPUs they go; a CPU is one caller, a goroutine
// is one caller. All of these edges are made by sync/atomic and are visible to
// the race detector.
//
// Exclusion. A CPU runs one function at a time, so what only one CPU touches
// needs no lock. There is one exception that the function itself invites: while
// it waits for another CPU (Call and the like, [CPU.Poll]) its own CPU serves
// others. Without that, A calling B while B calls A would never end; the kernel
// forbids such calls, this package serves them. A function that must not be
// interleaved sends with TryPost, which serves nobody.
//
// Bounds. At most [MaxNesting] functions of a CPU wait within each other; then, or
// when 256 functions have run during one wait of the outermost one, the CPU serves
// only calls that some CPU waits for, and what their caller sent to it before. A
// post counts against the room until its function has returned. So requests
// without end fill neither a stack nor memory, and the oldest of them ends.
//
// Exactly once. A function runs once on each CPU for which the call did not
// return an error. A call to many leaves out the CPUs that are offline, as in
// the kernel. A context that ends, ends the waiting and not the function.
//
// Progress. No call waits forever for a CPU that has gone offline: that CPU runs
// what it had accepted first. A function that panics is an error of its own call
// and hurts no other. One that calls runtime.Goexit ends its own call with
// ErrExited, and those of the functions that were waiting below it on the same
// CPU; the CPU goes on.
//
// # Sockets and timers
//
// An executor can wait for file descriptors and timers too, in the same sleep as
// for calls: see [CPU.Watch] and [CPU.AfterFunc]. What they run are functions of
// that CPU like any other, but never within the wait of one. A CPU that is offline
// goes on serving them; a System's Close drops them.
//
// # What it costs
//
// A waiting call between two CPUs that are awake moves one cache line there and
// back. An executor with nothing to do spins for some microseconds, as many as
// have paid off lately, then sleeps; waking it costs its caller one system call.
// While it runs or spins, an executor takes one of the GOMAXPROCS slots of the Go
// scheduler, as any goroutine. Where all slots are taken by goroutines that
// compute, a sleeping executor gets its slot when the scheduler preempts one of
// them, up to 10 ms later; where that matters, set GOMAXPROCS above the number
// of CPUs and let the kernel schedule.
//
// # Limits
//
// CPUs are numbered below [cpumask.Max]. Pinning needs Linux; elsewhere the
// executors run unpinned, everything else works, and [CPUStats] says so. A
// function that never returns holds its CPU, and all who wait for it: the
// package reports it (see [Options]) and cannot end it.
//
// Some deadlocks cannot be found when they arise, because the package does not
// know what a function waits for other than calls. They show as stall reports:
//
//   - A function waits for a goroutine (a channel, a WaitGroup) that calls the
//     function's own CPU. Return from the function instead and have the goroutine
//     Post what is left to do, or have the function Poll until it hears of the
//     goroutine.
//   - A function locks a mutex whose holder calls the function's CPU. Do not hold a
//     mutex over a call. Let one CPU own what it guards, or unlock it first.
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
// many times over. If functions use that up and it leaves its thread, it is
// locked and pinned again before it sleeps, and Options.OnAffinity is told.
package crosscall
