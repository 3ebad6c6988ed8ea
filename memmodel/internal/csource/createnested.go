package csource

import (
	"fmt"
	"strconv"

	"crosscall/memmodel/internal/ir"
)

// A thread that makes another, and a main that is a thread from its start, are not run to
// find the threads that they make. Each place that makes one has so many threads of its
// own as it can make: one, or a few in a loop. They wait until they are made.

const (
	maxNested  = 12 // threads that threads make
	maxInRound = 4  // those that one place in a loop makes
)

// createNested makes a thread that waits until this one reaches the pthread_create.
func (l *lowerer) createNested(e *expr) value {
	l.inMain(e)
	fn := l.unit.functionAt(l.rvalue(e.args[0]))
	if fn == nil {
		fail(e.at, "a thread other than main, or a main that is a thread from its start, can only make threads of functions that are named there: main is one if it reads what other threads may have written before it makes a thread, or chooses in a loop")
	}
	arg := l.rvalue(e.args[1])
	n := min(1, l.unit.run.most-len(l.unit.run.threads))
	if l.inLoop() {
		n = min(maxInRound, (l.unit.run.most-len(l.unit.run.threads)+1)/2)
	}
	if n == 1 && !l.inLoop() {
		return l.createsOne(e, fn, arg)
	}
	return l.createsNext(e, n, fn, l.code.kept(arg, ulongT))
}

// createsOne makes a thread. Its value is the number of the thread.
func (l *lowerer) createsOne(e *expr, fn *function, arg value) value {
	k := len(l.unit.run.threads)
	cell := l.space.object("argument("+strconv.Itoa(k)+")", ulongT)
	l.unit.run.threads = append(l.unit.run.threads, started{fn, ir.AddrOf(cell), true})
	l.mem.plainStore(place{reg: ir.NoReg, addr: known(ir.AddrOf(cell)), t: ulongT}, arg)
	l.storeNumber(e, known(int64(k)))
	l.mem.announce(known(l.unit.run.start + int64(k)).e)
	return known(int64(k))
}

// createsNext makes the next of n threads, one in each round of a loop. The way of a round
// that has none left is cut off.
func (l *lowerer) createsNext(e *expr, n int, fn *function, arg value) value {
	round, made, over := l.code.temp(), l.code.temp(), newLabel()
	for k := range n {
		other := newLabel()
		l.code.branchUnless(operation(ir.Eq, loaded(round, intT), known(int64(k)), intT), other)
		l.code.set(made, l.createsOne(e, fn, arg))
		l.code.jump(over)
		l.code.land(other)
	}
	l.code.emit(ir.Instr{Op: ir.Alloc, Dst: made, Says: noneLeft(n)})
	l.code.land(over)
	l.code.set(round, operation(ir.Add, loaded(round, intT), known(1), intT))
	return loaded(made, longT)
}

// noneLeft says why a place that has made n threads makes no more.
func noneLeft(n int) string {
	if n == 0 {
		return fmt.Sprintf("threads make more than %d threads", maxNested)
	}
	return fmt.Sprintf("more than %d threads are made here", n)
}
