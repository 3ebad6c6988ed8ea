package explore

import (
	"slices"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// No thread sees the order of arrivals at a barrier, except which one is last.
//
// Claim: of the executions that differ only in the order of arrivals within rounds, with the
// same one last, one is enough: that in which the others come in the order of their numbers. If
// neither the last thread nor another one uses whether it is the last, these two may be
// exchanged, too.
//
// Proof: let arrival a stand directly before arrival b, in one round. To exchange them changes
// the values that the two operations read. The round stays the same, and so does its last
// thread, unless nobody uses it. The exchange also changes an order: with a first, all events
// before a are ordered before those after b. But between an arrival and the point where its
// thread goes on there are only a fence and reads of the barrier. These reads wait for the last
// arrival of the round. By the chain of atomic operations, all arrivals of the round are ordered
// before that one, in either order of a and b. So the events behind the barrier are ordered as
// before. Smallest execution:
//
//	pthread_barrier_wait(&b);   |   pthread_barrier_wait(&b);
//
// The two claims go together, this one and that of symmetry.go. Where two threads with the same
// code first differ by an arrival, both claims keep the execution with the lower thread first.
// To sort arrivals changes no event before them.
//
// Two arrivals are in one round if the numbers of arrivals before them say so, and if all writes
// to the barrier between them are arrivals: a barrier may be initialised again. As with
// symmetry, a branch that ends here reports that it was cut.

// An arrival is one whose value is known.
type arrival struct {
	thread, write int
	come, size    int64 // how many have come before, and the size of a round
	tellsLast     bool
}

// isLast reports whether it ends its round.
func (a arrival) isLast() bool { return a.come%a.size == a.size-1 }

// arrives reports whether a thread arrives at a barrier.
func arrives(th ir.Thread) bool {
	return slices.ContainsFunc(th.Instr, func(in ir.Instr) bool { return in.Arrives != nil })
}

// arrivesInOrder reports whether threads arrive at barriers in order, as far as that is known of
// what is loaded.
func (sym *symmetry) arrivesInOrder() bool {
	if !sym.barriers {
		return true
	}
	sym.arrivals = sym.arrivals[:0]
	for t, p := range sym.paths {
		for _, x := range p.Arrivals {
			a, ok := sym.arrivalAt(t, x)
			if !ok {
				continue
			}
			if slices.ContainsFunc(sym.arrivals, func(b arrival) bool { return sym.isOutOfOrder(b, a) }) {
				return false
			}
			sym.arrivals = append(sym.arrivals, a)
		}
	}
	return true
}

// isOutOfOrder reports whether a, of a lower thread, arrives after b in one round.
func (sym *symmetry) isOutOfOrder(a, b arrival) bool {
	if a.thread >= b.thread || a.size != b.size || a.come/a.size != b.come/b.size || a.isLast() && (a.tellsLast || b.tellsLast) {
		return false
	}
	w := a.write
	for range a.come - b.come {
		half := sym.st.Half[w]
		if half < 0 || sym.st.RF(half) < 0 {
			return false
		}
		w = sym.st.RF(half)
	}
	return w == b.write && a.come > b.come
}

// arrivalAt is an arrival of thread t, if what is needed is known.
func (sym *symmetry) arrivalAt(t int, x thread.Arrival) (a arrival, ok bool) {
	a = arrival{thread: t, write: sym.st.Base[t] + x.Event, tellsLast: x.TellsLast}
	if half := sym.st.Half[a.write]; half >= 0 {
		a.come, ok = sym.st.ValueOf(half)
	}
	size, known := sym.paths[t].Eval(x.Size, sym.th.value[t])
	a.size = size
	return a, ok && known && size > 0 && a.come >= 0
}
