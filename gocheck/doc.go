// Package gocheck explores every way in which a small concurrent Go program can
// run, in go test:
//
//	func TestCounter(t *testing.T) {
//		gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) {
//			var n atomic.Int32 // of gocheck/atomic
//			for range 2 {
//				t.Go(func() { n.Store(n.Load() + 1) })
//			}
//			t.Final(func() {
//				if n.Load() != 2 {
//					t.Errorf("n = %d", n.Load())
//				}
//			})
//		})
//	}
//
// This test fails, with the schedule, and a seed that runs it again:
//
//	assertion: n = 1
//	schedule (1 preemption):
//	    1  G1   n: Load() = 0            counter_test.go:5
//	    2  G2   n: Load() = 0; Store(1)  counter_test.go:5  <- preempts G1
//	    3  G1   n: Store(1)              counter_test.go:5
//	    4  G0   fails in Final: n = 1    counter_test.go:9
//	  G1, G2: started at counter_test.go:5 by G0
//	seed: 0c0g20g2040g
//	to run this execution again: GOCHECK_REPLAY=0c0g20g2040g go test -run '^TestCounter$' example.org/counter
//	fails: 2 executions, 0 blocked, 8 steps, 0s
//
// A row is the steps of a goroutine at one statement, without a step of another
// goroutine in between. The schedule has the fewest preemptions that were found
// with a bounded effort. "G2 preempts G1" means that G1 could have gone on.
//
// A variable has its name in the source, if the lines that use it agree on one and
// have one call each; T.Name gives it another name. A step in a function that the
// code under test calls has the place of that call too.
//
// GOCHECK_REPLAY=seed in the environment makes Check run only that execution, and
// GOCHECK_PICTURE=file.svg (or .html) draws it: a column for each goroutine, a box
// for each step in their order, and the failure at its place. Package examples is
// a tutorial.
//
// # The code under test
//
// Its shared variables must be of the types of gocheck/atomic and gocheck/sync,
// and its goroutines started by gocheck.Go. A package that is also used for real
// gets both by aliases, at no cost to the build that does not explore:
//
//	//go:build !gocheck            //go:build gocheck
//
//	import "sync/atomic"           import "…/gocheck/atomic"
//
//	type Uint32 = atomic.Uint32    type Uint32 = atomic.Uint32
//
// and is explored by go test -tags gocheck. Outside of an exploration the types
// behave as those of the standard library. Name the file of the right column
// gocheck.go: accesses in it are reported at the places of its callers.
//
// Plain variables that goroutines share are announced by Read and Write, or are
// of type Var. A copy of a struct reads all of it: if it is announced, it is a race with an Add to an atomic
// field, as in Go. A loop that waits for another goroutine calls Spin in each round, or Idle if it may wait
// forever.
//
// # Exploration
//
// The body runs again and again, with its goroutines under control: one runs at a
// time, up to its next operation on an atomic, a lock or another type of
// gocheck/sync. Go's atomics are sequentially consistent, so each execution is an
// interleaving of such operations. Interleavings, and happens-before for plain
// variables, cover all behaviours.
//
// Two interleavings are equivalent if they differ only in the order of operations
// that commute: on different variables, or both reads. The exploration completes
// one interleaving of each class, by dynamic partial-order reduction with source
// sets, sleep sets and wakeup sequences (Abdulla, Aronis, Jonsson, Sagonas, POPL
// 2014). Each class has one happens-before, so any interleaving of a class shows
// its races on announced variables, by vector clocks. Only races by the Go memory
// model are reported. A loop that waits is not unrolled: a round without effect
// is left out, and its goroutine goes on when something has changed.
//
// A test that never reaches the state that it is about passes in vain. Options.Covers
// names such states, and T.Cover notes that an execution has reached one: if no
// execution does, Check fails.
//
// A failed assertion, a panic and a race are failures; so are a deadlock, a
// livelock (a loop that waits for a change that no goroutine can make any more),
// and a goroutine that waits forever after the body has returned. If a bound
// (Options) is reached, the result is incomplete, which is never a pass.
//
// # Limits
//
// The explorer does not see: plain variables that are not announced; goroutines
// of bare go statements; Go's own channels and select (Chan and Select are),
// timers, I/O and contexts (a goroutine that blocks in them stops the
// exploration for good); sync.Map, atomic.Value, and the functions on plain
// words such as atomic.AddInt32.
//
// The code must keep to these rules:
//
//   - A body makes all objects that it uses: a variable of gocheck's types that
//     outlives an execution keeps its value, and is reported.
//   - It depends only on the schedule. The order of a map, time and randomness
//     make it another program each time; if the explorer notices, it is
//     reported. T.Choose explores several values.
//   - It ends. A loop that waits without Spin reaches Options.MaxSteps, and so does
//     one that takes a lock to check a condition, because that has an effect.
//   - A round that ends in Spin has effects only through gocheck's types and
//     Write. A loop that counts its rounds in a local variable and gives up
//     breaks this rule: it is not run again before something changes.
//   - It uses T's Fatalf, and not the FailNow or Fatal of a testing.T, which end
//     the goroutine and with it the exploration.
//
// Differences from the standard library: Pool loses nothing; an execution that
// was given up unwinds its goroutines by a panic (see Unwinding).
//
// The rules in the documentation of sync are checked. An Add to a WaitGroup whose
// counter is zero must happen before Wait is called, or after it has returned; if
// nothing orders the two, that is a misuse, in whatever order they ran. A use of a
// variable of gocheck/sync that was copied after its first use is a misuse too. A
// copied atomic is a variable of its own.
//
// One exploration runs at a time in a process, and meanwhile no other code may
// use variables of gocheck's types: tests that do must not be parallel. A
// program that starts more than 4096 goroutines is incomplete.
package gocheck
