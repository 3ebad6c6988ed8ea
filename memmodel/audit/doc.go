// Package audit says which barriers a program needs. It weakens or drops each
// one in turn, explores every execution of the changed program, and checks
// whether the program's promise still holds:
//
//	in, err := audit.Open("mp.litmus")
//	report, err := audit.Run(ctx, in, audit.Options{Models: models})
//	err = report.WriteText(os.Stdout, audit.TextOptions{})
//
// The promise of a C file is that in no execution an assertion fails, a thread
// waits forever or memory is misused. The promise of a litmus test is its
// condition if that is "~exists" or "forall"; for "exists", it is that the
// state is never observed. If the program has no data race under a model that
// defines them, the promise includes that there is none.
//
// A C file can be several programs, see Scenario. Each of them must keep its
// promise, and a barrier is needed if one of them needs it.
//
// # Findings
//
// At each place, under each model, one barrier alone is weakened:
//
//   - needed: with each weaker primitive, some execution breaks the promise
//   - could be weaker: the promise is kept with the primitives that are named,
//     and broken with all that are weaker still. If two are named, neither orders
//     all that the other does, such as smp_rmb and smp_wmb
//   - not needed: the promise is kept without the barrier or, for an access,
//     with the primitive that orders nothing
//   - not reached: no execution reaches it, so it is not known whether it is needed;
//     it stays in the minimal set
//   - not known: time or a bound ran out first
//
// "Not needed" refers to the assertions and the calls of the input: other
// callers, more CPUs or another assertion may need the barrier.
//
// Each finding is about one change. If two barriers do the same work, either can
// be dropped, and both are "not needed". So the report also has a minimal set:
// the barriers that are left when as many as possible are weakened together,
// greedily, the most expensive first, and equal ones in the order of the source.
// Each barrier that is left is needed, given the others: every weakening of every
// one of them has been tried on the final set. There may be other minimal sets,
// and smaller ones.
//
// # What is weakened
//
// Weakened are fences, acquire and release, and the orders of atomic operations,
// the kernel's and C11's; the table in lattice.go has them all. Locks, and RCU's
// and SRCU's read sides and grace periods stay: without one of them the program
// does something else, not only in another order. With Options.Plain, READ_ONCE
// and WRITE_ONCE become plain accesses too, which makes sense under a model that
// knows data races.
//
// A litmus test in assembly has its barriers, acquires and releases weakened, by the table
// in assembly.go; and what is computed for a dependency alone, such as EOR W2,W1,W1, becomes
// a zero without one.
package audit
