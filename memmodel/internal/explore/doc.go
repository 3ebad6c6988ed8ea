// Package explore finds every execution of a program that a memory model
// allows, each once.
//
// # How
//
// An execution is a path through each thread, a write for each read to read from
// (rf), and an order of the writes to each cell (co). Run decides these one at
// a time, depth first. Each decision divides what is left into disjoint parts, so no
// execution is reached twice and nothing has to be remembered but the decisions in force.
//
// The partial execution is an execgraph.State. Each decision is told to the machine of a
// model, in package rel, which works out what it adds to the relations of the model and
// says whether a check is violated. All checks that matter for this grow with rf and co, so
// what violates one now violates it whatever is decided later, and the branch is cut.
//
// Two explorers decide:
//
//   - The static one (static.go) is for threads that have an end. Package thread has unfolded
//     each of them into paths. Values that are not known stay symbols, so a thread goes on
//     past a read whose value is open; only where a branch or an address depends on one are
//     there several paths, each with a demand on the value. A read may thus take its value
//     from a write that comes later in its own thread's future, which weak models allow.
//     For each combination of paths, package complete decides rf and co.
//   - The dynamic one (dynamic.go) is for programs that follow pointers and go round in loops
//     until something happens. It decides one read at a time, whose value a thread needs to
//     go on, and package complete decides what is left in the end. An iteration of a loop
//     that changes nothing is waiting, and is not repeated.
//
// # The dynamic explorer, by type and by file
//
// The type dynamic explores: all that calls itself again is in its methods. What it asks is in
// types that do not explore, each of which knows only those above it:
//
//	threads     where the threads are, and what their reads read from
//	symmetry    whether another execution stands for this one
//	partial     the execution so far: decisions, the State, and what the model says of it
//	scheduler   which read is decided next, what it may read from, what is forced
//	frames      which reads may have to be postponed
//
// The files:
//
//	dynamic.go          the order of what follows a decision
//	partial.go          the execution so far, and what is said of it
//	frames.go           what the branches of a decision show
//	threads.go          the threads on their way, and the values of reads
//	schedule.go         which read is decided next, and what it may read from
//	pending_writes.go   whether there may be more for it to read from
//	forced.go           reads that are no choice
//	decision.go         one read is decided, in each way
//	postpone.go         the read reads from a write to come: when that may pay
//	loadbuffering.go    threads go on without a value
//	supply.go           values that nobody writes
//	blocked.go          threads wait forever
//	livelock.go         threads go round forever and write
//	symmetry.go         threads with the same code
//	retry.go            rounds of loops that fail in vain
//	races.go            data races in rounds of loops that only wait
//	barrier.go          the order of arrivals at barriers
//	estimate.go         the number of executions, by random probes
//	workshare.go        several goroutines
//
// The files postpone.go, loadbuffering.go, supply.go, blocked.go, livelock.go,
// symmetry.go, races.go and barrier.go begin with a claim,
// its proof and the smallest execution. What waits for readers, such as synchronize_rcu, may do so forever:
// complete/sections.go says when.
//
// # Why not otherwise
//
// Explorers for programs that run one instruction after the other (Kokologiannakis,
// Marmanis, Gladstein, Vafeiadis: TruSt, POPL 2022; HMC, ASPLOS 2020) add events in the
// order of execution and revisit earlier reads when a write appears. Here a read
// is postponed instead, if what came of its other choices has shown a write for it.
// That may be in vain, which revisiting is not; but it needs no order in which
// events were added, so it explores load buffering (two reads, each of the other
// thread's later write) in the same way, under any model.
//
// # Limits
//
// A loop is followed for a bound of iterations that depend on open values; where
// values allow that it goes on, Stats.BoundHit says so. The number of executions
// may be exponential. A value that comes out of thin air, from a
// cycle of rf and data, has no number: Value reports false. In programs whose loops
// wait, executions that differ from others only in load buffering through data races
// are not looked for.
package explore
