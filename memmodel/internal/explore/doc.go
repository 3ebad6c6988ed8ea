// Package explore finds every execution of a program that a memory model
// allows, each once.
//
// # How
//
// An execution is a way through each thread, a write for each read to read from
// (rf), and an order of the writes to each cell (co). Run decides these one at
// a time, depth first:
//
//  1. Package thread unfolds each thread by itself. Values that are not known
//     stay symbols, so a thread goes on past a read whose value is open; only
//     where a branch or an address depends on one are there several ways, each
//     with a demand on the value. A read may thus take its value from a write
//     that comes later in its own thread's future, which weak models allow.
//  2. For each combination of ways, the reads that order others (locks, atomic
//     operations) choose what they read from, then co is completed, then the
//     other reads choose.
//  3. Each choice is told to a machine of package rel, which works out what it
//     adds to the relations of the model and says whether a check is violated.
//     All checks that matter for this grow with rf and co, so what violates one
//     now violates it whatever is chosen later, and the branch is cut.
//
// Each decision divides what is left into disjoint parts, so no execution is
// reached twice and nothing has to be remembered but the decisions in force.
//
// That is for threads that have an end. One that follows pointers or goes round in
// loops is resolved while it unfolds: the type grower says how. There a round of a
// loop that changes nothing is waiting, and is not repeated. What waits for readers,
// such as synchronize_rcu, may do so forever: sections.go says when.
//
// Coherence (SC per location), atomicity and the rules of locks are kept by this
// package itself, where the model demands them in the usual form: they then
// order writes without asking anybody. See the type order.
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
// A loop is followed for a bound of iterations that hang on open values; where
// values allow that it goes on, Stats.BoundHit says so. The number of executions
// may be exponential. A value that comes out of thin air, from a
// cycle of rf and data, has no number: Value reports false. In programs whose loops
// wait, executions that differ from others only in load buffering through data races
// are not looked for.
package explore
