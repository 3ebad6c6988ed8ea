package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// Threads that run the same code are alike: exchange them in an execution, with all that is
// read from them, and it is an execution again. Of the executions that differ in this way alone
// one is enough for a verdict.
//
// Claim: some execution of each such class has, for any two threads i before j that are alike,
// at the first read of the two that reads from different writes to one cell, the write of i
// before that of j in co; and if there is none, what i writes first before what j does. The
// others can be cut.
//
// Proof: rank each read of a thread by its cell and the place of its source in co, and each
// write by its own. The ranks of a thread, reads first, are a word that does not depend on the numbers of threads, so to
// exchange threads exchanges their words. Let the threads be sorted by their words, where a
// word comes before another at the first letter that differs. As long as the words agree, the
// threads have read from the same writes, and come to a read of the same cell, unless a choice
// has parted them. So the first reads from different writes to one cell are at the first
// letters that differ, unless letters before that are of different cells, where nothing is
// demanded. Smallest execution:
//
//	atomic_inc(x);   |   atomic_inc(x);
//
// The second reads what the first writes. The other way round is the same with other numbers.
//
// A model does not speak of the numbers of threads. Conditions on registers of threads do, and
// so does the table of final states: with these, all executions are explored.
//
// A branch that is cut here might have enabled writes (postpone.go), so it reports that it was
// cut.

// findAlike has, by thread, the last one before it that runs the same code, or -1.
func findAlike(p *ir.Program) []int {
	alike := make([]int, len(p.Threads))
	for t := range p.Threads {
		alike[t] = -1
		for u := range t {
			if sameCode(&p.Threads[u], &p.Threads[t]) {
				alike[t] = u
			}
		}
	}
	return alike
}

func sameCode(a, b *ir.Thread) bool {
	return slices.Equal(a.Init, b.Init) && slices.EqualFunc(a.Instr, b.Instr, func(x, y ir.Instr) bool {
		return x.Op == y.Op && x.Kind == y.Kind && slices.Equal(x.Tags, y.Tags) && x.RMW == y.RMW && x.Exclusive == y.Exclusive && x.Reservation == y.Reservation && x.Yields == y.Yields && x.Dst == y.Dst &&
			x.Addr.Equal(y.Addr) && x.Val.Equal(y.Val) && x.Target == y.Target && x.Join == y.Join &&
			slices.Equal(x.Objects, y.Objects) && x.Class == y.Class && x.Type == y.Type && x.Arrives.Equal(y.Arrives)
	})
}

// A symmetry knows which executions stand for others of one class: of threads that are alike, and
// of arrivals at barriers (barrier.go).
type symmetry struct {
	st       *execgraph.State
	th       *threads
	paths    []*thread.Path // by thread
	alike    []int          // see findAlike; nil if all executions count
	barriers bool
	arrivals []arrival // scratch memory of arrivesInOrder
}

// isInOrder reports whether what is loaded may still be the execution that stands for its class.
func (sym *symmetry) isInOrder() bool { return sym.isSorted() && sym.arrivesInOrder() }

// isSorted reports whether threads that are alike may still turn out to be in order, by what
// is loaded.
func (sym *symmetry) isSorted() bool {
	for t, u := range sym.alike {
		if u < 0 {
			continue
		}
		if a, b, ok := sym.firstDifference(u, t); ok && sym.st.Before(b, a) {
			return false
		}
	}
	return true
}

// sort demands of co what the claim says. It returns false if that is impossible.
func (sym *symmetry) sort() bool {
	for t, u := range sym.alike {
		if u < 0 {
			continue
		}
		if a, b, ok := sym.firstDifference(u, t); ok && !sym.st.Order(a, b) {
			return false
		}
	}
	return true
}

// firstDifference has the sources of the first reads of threads u and t that read from
// different writes or, if both have ended and all of them agree, what they write first. ok is
// false if there are none, as far as that is decided, or if these are of different cells.
func (sym *symmetry) firstDifference(u, t int) (a, b int, ok bool) {
	st := sym.st
	ends := [2]int{st.Base[u] + len(sym.paths[u].Events), st.Base[t] + len(sym.paths[t].Events)}
	i, j := st.Base[u], st.Base[t]
	for {
		i, j = sym.next(i, ends[0], graph.Kind.Reads), sym.next(j, ends[1], graph.Kind.Reads)
		switch {
		case i == ends[0] && j == ends[1]:
			if !sym.th.goesNoFurther(u) || !sym.th.goesNoFurther(t) {
				return 0, 0, false
			}
			i, j = sym.next(st.Base[u], ends[0], graph.Kind.Writes), sym.next(st.Base[t], ends[1], graph.Kind.Writes)
			return i, j, i < ends[0] && j < ends[1] && st.Events[i].Loc == st.Events[j].Loc
		case i == ends[0] || j == ends[1] || st.Events[i].Loc != st.Events[j].Loc:
			return 0, 0, false
		}
		a, b = st.RF(i), st.RF(j)
		if a < 0 || b < 0 {
			return 0, 0, false
		}
		if a != b {
			return a, b, true
		}
		i, j = i+1, j+1
	}
}

// next is the first event from e on, or end, of which is holds.
func (sym *symmetry) next(e, end int, is func(graph.Kind) bool) int {
	for e < end && !is(sym.st.Events[e].Kind) {
		e++
	}
	return e
}

// goesNoFurther reports whether a thread performs no more events.
func (th *threads) goesNoFurther(t int) bool {
	switch th.runners[t].Status() {
	case thread.Ended, thread.Waits, thread.Faulted:
		return true
	}
	return false
}
