package native

import "unsafe"

// A Block is the argument of the code of a thread: its address is in the first register
// (RDI, X0) when the code is entered. The code uses what Go's assembly functions may use,
// and no stack.
type Block struct {
	N      int64   // instances
	Base   uintptr // of the instances: of their variables, or of the tables of their addresses
	Step   int64   // bytes from an instance to the next one that is gone through
	Total  int64   // bytes of all instances; beyond them the first follows again
	Out    uintptr // results: Thread.Recorded words for each instance
	Sync   uintptr // SyncSize bytes that all threads share; zero at the start
	Random uintptr // a word for each instance
	Table  uintptr // Test.Table
	Gap    int64   // ticks between two looks at the clock that say that the thread was interrupted
	Limit  int64   // ticks for the whole run
	Delay  int64   // TimeBase: ticks from the agreement on a time to that time
	Behind int64   // TimeBase: counts instances that started late, since the agreement had come too late
	Status int64   // 0, or why the results are not complete: Interrupted, Late ...

	deadline, seen, arrivals, start, end int64

	spilled [spillSlots]int64
	temps   [maxTemps]int64
}

// Values of Block.Status if the results are not complete.
const (
	Interrupted    = 1 + iota // the thread was descheduled, or slow beyond Block.Gap
	Late                      // Block.Limit was reached
	Stopped                   // another thread has ended early
	BadAddress                // an access that is to no variable
	DivisionByZero            //
)

// SyncSize is what the threads of a run share, in bytes.
func SyncSize(threads int) int { return max(threads, 2) * Line }

// Line is how far apart variables are in memory: two cache lines, which x86 fetches
// together.
const Line = 128

const (
	spillSlots = 256
	maxTemps   = 64
)

// Offsets in a Block.
const (
	atN        = int32(unsafe.Offsetof(Block{}.N))
	atBase     = int32(unsafe.Offsetof(Block{}.Base))
	atStep     = int32(unsafe.Offsetof(Block{}.Step))
	atTotal    = int32(unsafe.Offsetof(Block{}.Total))
	atOut      = int32(unsafe.Offsetof(Block{}.Out))
	atSync     = int32(unsafe.Offsetof(Block{}.Sync))
	atRandom   = int32(unsafe.Offsetof(Block{}.Random))
	atTable    = int32(unsafe.Offsetof(Block{}.Table))
	atGap      = int32(unsafe.Offsetof(Block{}.Gap))
	atLimit    = int32(unsafe.Offsetof(Block{}.Limit))
	atDelay    = int32(unsafe.Offsetof(Block{}.Delay))
	atBehind   = int32(unsafe.Offsetof(Block{}.Behind))
	atStatus   = int32(unsafe.Offsetof(Block{}.Status))
	atDeadline = int32(unsafe.Offsetof(Block{}.deadline))
	atSeen     = int32(unsafe.Offsetof(Block{}.seen))
	atArrivals = int32(unsafe.Offsetof(Block{}.arrivals))
	atStart    = int32(unsafe.Offsetof(Block{}.start))
	atEnd      = int32(unsafe.Offsetof(Block{}.end))
	atSpilled  = int32(unsafe.Offsetof(Block{}.spilled))
	atTemps    = int32(unsafe.Offsetof(Block{}.temps))
)

func spillAt(k int) int32 { return atSpilled + int32(8*k) }

func tempAt(k int) int32 { return atTemps + int32(8*k) }
