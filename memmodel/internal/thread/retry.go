package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A loop around a compare-and-swap often goes round with what the operation has found:
//
//	old = READ_ONCE(*x); while (!try_cmpxchg(x, &old, old + 1)) { }
//
// A round that fails changes old, so it is not one of waiting. But the read before the loop
// might as well have read what the round has read.
//
// Claim: let e be the last event before a round, and a read. Let the round perform reads and
// fences alone, and let f be one of its reads, of the same location and of the same kind.
// Suppose that e had read from the source of f: let the thread then come in the same way to the
// place where the round begins, with the registers that it has when the round ends. Then the
// executions that go on from the end of the round end as others do, with fewer events.
//
// Proof: leave e out, and of the round all but f. The rest is an execution of the program,
// with f in the place of e: the thread goes on from the same state. Nothing reads from what is
// left out. Dependencies on f, and of f, are compared here: those in the place of e are among
// those that f had. Nothing else is between e and f. So each relation by which the model orders
// has fewer pairs, and the model allows the execution. Of all executions that end alike one
// with the fewest events is never dropped. Smallest execution: with
//
//	WRITE_ONCE(*x, 1);
//
// beside the loop above, old is 0, the operation finds 1, and then succeeds. It is dropped, because
// old may be 1 at once.
//
// The meaning of tags, and which accesses race, depend on the model. The explorer looks at
// both (explore/retry.go).

// A Retry is a round that has to do with the claim.
type Retry struct {
	// Read is e, Again is f.
	Read, Again int
	// Begin and End bound the events of the round.
	Begin, End int
	way        []condition // the way from e to where the round begins
	pairs      [][2]Sym    // values that the thread remembers there, and at the end of the round
}

// A condition is a value that decides where the thread goes, and whether it was not zero.
type condition struct {
	value Sym
	holds bool
}

// behind is what a thread has done since its last read.
type behind struct {
	asserts, allocs int
	way             []condition // as far as they depend on that read
}

func (b behind) clone() behind {
	b.way = slices.Clone(b.way)
	return b
}

// beginBehind notes that a read has been performed.
func (r *Runner) beginBehind() {
	r.behind = behind{len(r.path.Asserts), len(r.allocs), r.behind.way[:0]}
}

// goesBy notes that the thread goes its way because a value is zero or not.
func (r *Runner) goesBy(x Sym, holds bool) {
	if r.notesRetries() && r.path.Syms[x].Reads.has(r.lastRead) {
		r.behind.way = append(r.behind.way, condition{x, holds})
	}
}

// goesByValue is goesBy of a value that has these dependencies.
func (r *Runner) goesByValue(e *ir.Expr, deps Set, holds bool) {
	if r.notesRetries() && deps.has(r.lastRead) {
		r.goesBy(r.expr(e), holds)
	}
}

func (r *Runner) notesRetries() bool {
	return r.prog.Waits && r.lastRead >= 0 && len(r.flow.heads) > 0
}

// noteRetry notes the round of the loop that ends here, to go on at head, if it may be one
// that the claim is about.
func (r *Runner) noteRetry(head int) {
	i := slices.IndexFunc(r.rounds, func(x round) bool { return x.head == head })
	if i < 0 || r.prog.Picks {
		return
	}
	x := &r.rounds[i]
	t := Retry{Read: x.events - 1, Begin: x.events, End: len(r.path.Events), way: x.behind.way}
	if !r.isPlainRead(t.Read) || x.behind.asserts != len(r.path.Asserts) || x.behind.allocs != len(r.allocs) || r.lapsed > t.Read {
		return
	}
	for e := t.Begin; e < t.End; e++ {
		switch {
		case r.path.Events[e].Kind == graph.Fence && !r.ofSection(e):
		case !r.isPlainRead(e):
			return
		case r.mayStandFor(e, t.Read):
			t.Again = e
		}
	}
	if t.Again > 0 && r.remembersAlike(x, &t) {
		r.path.Retries = append(r.path.Retries, t)
	}
}

// isPlainRead reports whether event e is a read, and no part of an operation that may write, and
// of no section.
func (r *Runner) isPlainRead(e int) bool {
	return e >= 0 && r.path.Events[e].Kind == graph.Read && !r.ofSection(e) && !slices.Contains(r.reserved[:], e) &&
		!slices.ContainsFunc(r.path.RMW, func(x graph.Edge) bool { return x.From == e })
}

// ofSection reports whether event e begins, ends or waits for a section of readers.
func (r *Runner) ofSection(e int) bool {
	tags := r.path.Events[e].Tags
	return r.prog.Opens(tags) >= 0 || r.prog.Closes(tags) >= 0 || r.prog.WaitsFor(tags) >= 0
}

// mayStandFor reports whether f reads the location that e reads, and depends on all that e depends on.
func (r *Runner) mayStandFor(f, e int) bool {
	if r.path.Events[f].Loc != r.path.Events[e].Loc {
		return false
	}
	for _, edges := range [][]graph.Edge{r.path.Addr, r.path.Ctrl} {
		for _, x := range edges {
			if x.To == e && !slices.Contains(edges, graph.Edge{From: x.From, To: f}) {
				return false
			}
		}
	}
	return true
}

// remembersAlike reports whether the thread may remember the same at the end of round x as at its
// beginning, if the read of t were done again, without a further dependency.
func (r *Runner) remembersAlike(x *round, t *Retry) bool {
	within := func(a, b Set) bool {
		ok := true
		a.Each(func(e int) {
			if e == t.Read {
				e = t.Again
			}
			ok = ok && b.has(e)
		})
		return ok
	}
	ok := true
	r.eachPair(x, func(was, is Sym) {
		if a, b := &r.path.Syms[was], &r.path.Syms[is]; was != is || a.Deps.has(t.Read) {
			ok = ok && within(a.Deps, b.Deps)
			t.pairs = append(t.pairs, [2]Sym{was, is})
		}
	})
	return ok && r.dependsOnAll(x, within)
}

// dependsOnAll reports whether each dependency by control that held at the beginning of round x
// is within those that hold now.
func (r *Runner) dependsOnAll(x *round, within func(was, is Set) bool) bool {
	ok := true
	eachBit(r.flow.heads[x.head], func(reg int) { ok = ok && within(x.ctrl[reg], r.ctrl[reg]) })
	for i := range r.private {
		ok = ok && within(x.private[i].ctrl, r.private[i].ctrl)
	}
	for _, s := range x.scopes {
		var now Set
		for _, sc := range r.scopes {
			if sc.join == s.join {
				now = now.union(sc.deps)
			}
		}
		ok = ok && within(s.deps, now)
	}
	return ok
}

// InVain reports whether the executions with round t are known to end as others do.
func (p *Path) InVain(t *Retry, value func(read int) (int64, bool)) bool {
	instead := func(e int) (int64, bool) {
		if e == t.Read {
			e = t.Again
		}
		return value(e)
	}
	for _, c := range t.way {
		if v, ok := p.Eval(c.value, instead); !ok || (v != 0) != c.holds {
			return false
		}
	}
	for _, x := range t.pairs {
		v, ok := p.Eval(x[0], instead)
		w, ok2 := p.Eval(x[1], value)
		if !ok || !ok2 || v != w {
			return false
		}
	}
	return true
}
