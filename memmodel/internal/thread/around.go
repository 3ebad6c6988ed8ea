package thread

import (
	"slices"
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// Configuration words all that decides what r does from here on, if what memory holds is the
// same: where it is, and the values that it will use. ok is false if some are not known.
func (r *Runner) Configuration() (words string, ok bool) {
	var b strings.Builder
	number := func(v int64) { b.WriteString(strconv.FormatInt(v, 36)); b.WriteByte(' ') }
	number(int64(r.pc))
	number(int64(r.status))
	if r.status == Ended {
		return b.String(), true
	}
	number(int64(len(r.allocs)))
	number(int64(len(r.path.Frees)))
	ok = true
	value := func(x Sym) { ok = ok && r.wordValue(&b, x) }
	for i, x := range r.regs {
		if r.flow.isAlive(i, r.pc) {
			value(x)
		}
	}
	for i := range r.private {
		value(r.private[i].value)
	}
	if r.status == NeedsValue {
		for e := r.need; e < len(r.path.Events); e++ {
			ev := &r.path.Events[e]
			number(int64(ev.Kind))
			number(int64(ev.Loc))
			if ev.Kind.Writes() {
				value(r.path.Write[e])
			}
		}
	}
	return b.String(), ok
}

// wordValue words a value that is known, or computed from reads that r has not performed: the one
// that it needs, and those behind that one.
func (r *Runner) wordValue(b *strings.Builder, x Sym) bool {
	if v, known := r.path.Eval(x, r.value); known {
		b.WriteString(strconv.FormatInt(v, 36))
		b.WriteByte(' ')
		return true
	}
	t := &r.path.Syms[x]
	switch {
	case r.status != NeedsValue || t.size > maxTree:
		return false
	case t.Op == ir.Load:
		b.WriteString("!" + strconv.Itoa(int(t.K)-r.need) + " ")
		return int(t.K) >= r.need
	}
	b.WriteString("(" + strconv.Itoa(int(t.Op)) + " ")
	for _, a := range [3]Sym{t.A, t.B, t.C} {
		if a != NoSym && !r.wordValue(b, a) {
			return false
		}
	}
	b.WriteString(") ")
	return true
}

// Idles counts the Idle instructions that r has come by.
func (r *Runner) Idles() int { return r.idles }

// GoRound ends r, which goes round a loop forever.
func (r *Runner) GoRound() {
	at := r.pc
	for _, x := range r.rounds {
		if r.flow.ends[x.head] >= r.pc {
			at = x.head
			break
		}
	}
	r.path.Stuck = &r.th.Instr[at]
	r.path.Regs = r.regs
	r.status = Ended
}

// UsesLocks reports whether r has accessed a lock in another way than by taking it and
// giving it back.
func (r *Runner) UsesLocks() bool {
	return slices.ContainsFunc(r.path.Events, func(e graph.Event) bool {
		return e.Kind == graph.LockFail || e.Kind == graph.SeeLock || e.Kind == graph.SeeFree
	})
}

// Rounds is how often r has gone back in the loop that it has gone round most, of those that
// depend on what was read.
func (r *Runner) Rounds() (most int) {
	for _, l := range r.loops {
		if l.open {
			most = max(most, l.jumps)
		}
	}
	return most
}
