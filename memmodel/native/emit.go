package native

import (
	"fmt"
	"slices"

	"crosscall/memmodel/internal/ir"
)

// A Barrier is how the threads of an instance start together. The names are litmus7's.
type Barrier string

const (
	TimeBase  Barrier = "timebase"  // all start at a time a little ahead, on which they agree
	User      Barrier = "user"      // each says that it is there and looks for the others
	UserFence Barrier = "userfence" // with a fence in between
	NoBarrier Barrier = "none"
)

// Config says what is around the bodies of the threads.
type Config struct {
	Arch     Arch
	Indirect bool // instances have tables of addresses in place of variables
	Preload  bool // at random, variables are touched or flushed before the start
	Barrier  Barrier
	Spread   int // TimeBase: the start is up to 2^Spread-1 ticks later for all, at random
	Jitter   int // TimeBase: it is up to 2^Jitter-1 ticks later for each thread, at random
}

// MaxBits is the most that Config.Spread and Config.Jitter can be.
const MaxBits = 10

// A Thread is the code of one thread of a test.
type Thread struct {
	Code     []byte
	Recorded int // how many registers it writes to its results for each instance
}

// A generator makes the code of one thread.
type generator struct {
	assembler
	Config
	prog     *ir.Program
	thread   int
	slots    []int // by cell: its place among those that have a name; -1
	recorded []ir.Reg
	err      error

	badAddress, divides, late, interrupted, stopped label
	starts                                          []label          // by instruction
	failing                                         map[int]label    // by instruction: an Assume; where the thread goes on if it does not hold
	holds                                           map[int]bool     // by instruction: an Assume on the other way
	otherTags                                       map[int][]string // by instruction: a read of a choice; the tags that it has on the other way
	halves                                          map[int]label    // by instruction: the second half of an atomic operation; where it begins
}

func (g *generator) fail(format string, args ...any) {
	if g.err == nil {
		g.err = fmt.Errorf(format, args...)
	}
}

// emit makes the code.
func (g *generator) emit() (Thread, error) {
	th := &g.prog.Threads[g.thread]
	if len(th.Regs) > g.values()+spillSlots {
		return Thread{}, fmt.Errorf("%s has more than %d registers", th.Name, g.values()+spillSlots)
	}
	end := g.newLabel()
	for _, l := range []*label{&g.badAddress, &g.divides, &g.late, &g.interrupted, &g.stopped} {
		*l = g.newLabel()
	}
	loop := g.prologue()
	g.registers(th)
	g.preload()
	g.barrier()
	if err := g.body(th); err != nil {
		return Thread{}, err
	}
	g.epilogue(loop, end)
	for _, fault := range []struct {
		at     label
		status int64
	}{{g.badAddress, BadAddress}, {g.divides, DivisionByZero}, {g.late, Late}, {g.interrupted, Interrupted}, {g.stopped, Stopped}} {
		g.bind(fault.at)
		g.imm(regA, fault.status)
		g.store(field(atStatus), regA)
		g.load(regB, field(atSync))
		g.store(place{regB, syncStop}, regA)
		g.jump(end)
	}
	g.bind(end)
	g.ret()
	if g.err != nil {
		return Thread{}, g.err
	}
	code, err := g.finish()
	return Thread{Code: code, Recorded: len(g.recorded)}, err
}

func field(off int32) place { return place{regBlock, off} }

// prologue sets the registers of the loop, and returns where an instance begins.
func (g *generator) prologue() (loop label) {
	g.load(regInst, field(atBase))
	g.load(regOut, field(atOut))
	g.mov(regA, regInst)
	g.load(regB, field(atTotal))
	g.binary(ir.Add)
	g.store(field(atEnd), regA)
	g.imm(regIndex, 0)
	g.store(field(atSeen), regIndex)
	g.store(field(atArrivals), regIndex)
	g.stamp()
	g.mov(regStamp, regA)
	g.load(regB, field(atLimit))
	g.binary(ir.Add)
	g.store(field(atDeadline), regA)
	loop = g.newLabel()
	g.bind(loop)
	return loop
}

// look looks at the clock: whether the thread was interrupted since the last look, and
// whether it is late. Either ends the run. regA is the time.
func (g *generator) look() {
	g.stamp()
	g.mov(regC, regA)
	g.mov(regB, regStamp)
	g.binary(ir.Sub)
	g.mov(regStamp, regC)
	g.load(regB, field(atGap))
	g.branch(gt, regA, regB, g.interrupted)
	g.mov(regA, regStamp)
	g.load(regB, field(atDeadline))
	g.branch(gt, regA, regB, g.late)
}

// lookAround is look where the thread waits for others: it ends if one of them has ended
// before the last instance.
func (g *generator) lookAround() {
	g.load(regB, field(atSync))
	g.load(regA, place{regB, syncStop})
	g.branchNonzero(regA, g.stopped)
	g.look()
}

func (g *generator) registers(th *ir.Thread) {
	for r := range th.Regs {
		var v int64
		if r < len(th.Init) {
			v = th.Init[r]
		}
		if r < g.values() {
			g.imm(regV0+reg(r), v)
			continue
		}
		g.imm(regA, v)
		g.put(ir.Reg(r), regA)
	}
}

// Bits of a random word: three for each of the first variables, the highest for times.
const (
	preloadBits = 3
	preloaded   = 14
	spreadShift = 44
	jitterShift = 54
)

// preload touches each variable in half of the cases, leaves it in a quarter, and touches it
// for writing or flushes it in an eighth each. A variable that both sides have touched is in
// both caches: a store waits there for long, and a load does not.
func (g *generator) preload() {
	if !g.Preload {
		return
	}
	for k := range min(countSlots(g.slots), preloaded) {
		at := place{regInst, int32(k) * Line}
		if g.Indirect {
			g.load(regB, place{regInst, int32(8 * k)})
			at = place{regB, 0}
		}
		g.randomWord()
		done, touch, write := g.newLabel(), g.newLabel(), g.newLabel()
		g.branchBitClear(regA, preloadBits*k, touch)
		g.branchBitClear(regA, preloadBits*k+1, done)
		g.branchBitClear(regA, preloadBits*k+2, write)
		g.flush(at)
		g.jump(done)
		g.bind(write)
		g.touchForWrite(at)
		g.jump(done)
		g.bind(touch)
		g.touch(at)
		g.bind(done)
	}
}

// randomWord puts the random word of the instance into regA.
func (g *generator) randomWord() {
	g.load(regC, field(atRandom))
	g.loadIndexed(regA, regC, regIndex)
}

// epilogue writes the results and goes on with the next instance.
func (g *generator) epilogue(loop, end label) {
	for i, r := range g.recorded {
		g.get(regA, r)
		g.store(place{regOut, int32(8 * i)}, regA)
	}
	g.look()
	g.add(regOut, int32(8*len(g.recorded)))
	g.mov(regA, regInst)
	g.load(regB, field(atStep))
	g.binary(ir.Add)
	g.load(regB, field(atEnd))
	inside := g.newLabel()
	g.branch(below, regA, regB, inside)
	g.load(regB, field(atTotal))
	g.binary(ir.Sub)
	g.bind(inside)
	g.mov(regInst, regA)
	g.add(regIndex, 1)
	g.load(regB, field(atN))
	g.branch(lt, regIndex, regB, loop)
	g.jump(end)
}

// slotsOf numbers the cells that have names.
func slotsOf(p *ir.Program) []int {
	slots := make([]int, len(p.Cells))
	n := 0
	for c := range slots {
		slots[c] = -1
		if p.Cells[c].Name != "" {
			slots[c] = n
			n++
		}
	}
	return slots
}

func countSlots(slots []int) int {
	if len(slots) == 0 {
		return 0
	}
	return slices.Max(slots) + 1
}

// Clock makes code that leaves the time of the machine's clock in Block.Status.
func Clock(a Arch) ([]byte, error) {
	m := newAssembler(a)
	m.stamp()
	m.store(field(atStatus), regA)
	m.ret()
	return m.finish()
}
