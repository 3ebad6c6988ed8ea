package gotest

// Explanation is the text about what is explored and what is not.
const Explanation = `Explored: each order of these, where the order makes a difference
  channels       send, receive, close, len, select; unbuffered, buffered, nil
  goroutines     go statements of the program, and those of context, time and io
  sync           Mutex, RWMutex, WaitGroup, Once, Cond, Pool; Map, one step an operation
  sync/atomic    methods and functions; Value, one step an operation
  time           Sleep, After, Timer, Ticker, AfterFunc, context deadlines: the clock is
                 virtual, and moves only when nothing else can run (--timers any:
                 a timer may fire at any time)
  memory         plain reads and writes of the program: two that conflict, and that
                 nothing orders, are a race

Fixed: the same in each execution
  randomness     math/rand, hash/maphash, the order of maps
  time           the clock begins at the same time
  state          package variables have their first values in each execution

Not explored
  I/O, cgo, other processes   the test of a goroutine that waits in them is skipped, with the place
  weak memory                 atomic operations are sequentially consistent, as in Go
  garbage collection          finalizers, weak pointers: a test that depends on them is skipped
  allocations, addresses      a test that depends on their counts or values is skipped
  testing/synctest            bubbles run as they are; a failure in one fails the test
  benchmarks, fuzz tests, examples   run as in go test
  allocation                  running out of memory
  state outside of package variables   files, the environment, memory of C code

A bound (--steps, --executions, --time, --preemptions) that ends an exploration makes
the test incomplete; random walks (--walks) always do.
`
