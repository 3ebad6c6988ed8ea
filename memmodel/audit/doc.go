// Package audit says which barriers a program needs. It weakens or drops each
// one in turn, explores every execution of what is left, and sees whether what
// the program promises still holds:
//
//	in, err := audit.Open("mp.litmus")
//	report, err := audit.Run(ctx, in, audit.Options{Models: models})
//	report.WriteText(os.Stdout)
//
// What is promised is that no execution fails an assertion, waits forever or
// misuses memory, where the input is a C file. Of a litmus test it is what its
// condition says: "~exists" and "forall" that they hold, "exists" that the
// state is never observed. Where the program has no data race under a model
// that knows of them, it is also promised that there is none.
//
// A C file can be several programs, see Scenario: every one of them has its
// promise to keep, and a barrier is needed if one of them needs it.
//
// # Findings
//
// At each place, under each model, one barrier alone is weakened:
//
//   - needed: whatever it is replaced by, some execution breaks the promise
//   - could be weaker: nothing breaks with the primitives that are named, and
//     something does with all that are weaker still. Where two are named, neither
//     orders all that the other does, as with smp_rmb and smp_wmb
//   - not needed: nothing breaks with none at all or, of an access, with the one
//     that orders nothing
//   - not reached: no execution passes it, so nothing can be said of it; it stays in
//     the minimal set
//   - not known: time or a bound ran out first
//
// "Not needed" is said of what is asserted, and of what the input does: other
// callers, more CPUs or another assertion may need the barrier.
//
// Findings are of one change each. Of two barriers that do the same work, either
// can go, and both are "not needed". So there is a minimal set as well: what is
// left when all that can is weakened together, greedily, the most expensive first
// and in the order of the source among equals. Each barrier that is left is
// needed, given the others: every weakening of any one of them has been tried on
// the set as it is in the end. There may be other minimal sets, and smaller ones.
//
// # What is weakened
//
// Fences, acquire and release, and the orders of atomic operations, the
// kernel's and C11's; the table in lattice.go has them all. Locks, and RCU's
// and SRCU's read sides and grace periods stay: to take one away changes what the
// program does, not only what it orders. With Options.Plain, READ_ONCE and
// WRITE_ONCE become plain accesses too, which makes sense under a model that
// knows data races.
//
// A litmus test in assembly has its barriers, acquires and releases weakened, by the table
// in assembly.go; and what is computed for a dependency alone, such as EOR W2,W1,W1, becomes
// a zero without one.
package audit
