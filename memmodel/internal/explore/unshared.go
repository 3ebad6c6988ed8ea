package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A variable that one thread alone uses, as the copy of the reader's index that the writer of
// a queue keeps, might as well be in a register. Then a round of a loop that writes to it what
// it had already changes nothing, and is waiting.
//
// Claim: let all accesses to a cell be plain ones of one thread. Under a model that knows of
// no dependencies (ir.Program.Unshared) the same executions of the other events are allowed
// without them, and the thread does the same.
//
// Proof: a read of the cell returns what the thread wrote last, because the order of accesses
// to one cell forbids other values; so does a register. For the model, rf, co and fr of the
// cell are within po, and an access without a tag neither begins nor ends a synchronisation. A
// path of po, or of a relation that is closed by po, through such an access has a shortcut.
// The exception is rc11's sb-nl, the part of sb between two locations: an access to another
// location between a seq_cst access and a release, both to one location, makes an edge of
// scb. So a program with seq_cst accesses is left as it is. The smallest that would go
// wrong, with n used by the first thread alone; r = 0 and s = 0 would be allowed:
//
//	atomic_store(&x, 1); n++; atomic_store_explicit(&x, 2, memory_order_release);   |
//	if (atomic_load_explicit(&x, memory_order_acquire) == 2) r = atomic_load(&y);   |
//	atomic_store(&y, 1); s = atomic_load(&x);

// Which threads use a cell is computed before the exploration, on the assumption that an index
// stays within its array. If a thread does access a private cell of another one, the assumption is
// wrong, and the program is explored again without private cells. The first such access of an
// execution is found: until then the assumption holds, and so the exploration is right.

// withPrivate returns p with those cells private that one thread alone uses, and writes in a
// loop.
func withPrivate(p *ir.Program) *ir.Program {
	if !p.Unshared || !slices.ContainsFunc(p.Threads, goesBack) {
		return p
	}
	uses := usesOf(p)
	q := *p
	q.Cells, q.Owners = slices.Clone(p.Cells), map[int]int{}
	allocates := slices.ContainsFunc(p.Objects, func(o ir.Object) bool { return o.Local == "" })
	for c := range q.Cells {
		cell := &q.Cells[c]
		pointer := allocates && cell.Size == 8 // it may be all that leads to an object: see leaks.go
		special := cell.Name == "" || cell.Private || cell.Heap || cell.Lock || cell.Hidden || pointer
		if u := &uses[c]; !special && u.plain && u.by < len(p.Threads) && writesInLoop(&p.Threads[u.by], u.writes) {
			cell.Private, q.Owners[c] = true, u.by
		}
	}
	return &q
}

// A usage is who accesses a cell.
type usage struct {
	used, plain bool // plain: by one thread alone
	by          int
	writes      []int // the instructions
}

// usesOf says of each cell who accesses it.
func usesOf(p *ir.Program) []usage {
	all := *p
	all.Threads = slices.Clone(p.Threads)
	if p.Final != nil {
		all.Threads = append(all.Threads, *p.Final)
	}
	uses := make([]usage, len(p.Cells))
	for t := range all.Threads {
		f := thread.NewFlow(&all, t, true)
		for i := range all.Threads[t].Instr {
			f.Uses(i, func(c int) { uses[c].add(t, i, &all.Threads[t].Instr[i]) })
		}
	}
	return uses
}

func (u *usage) add(t, i int, in *ir.Instr) {
	if !u.used {
		u.used, u.plain, u.by = true, true, t
	}
	u.plain = u.plain && u.by == t && in.Simple()
	if in.Kind == graph.Write {
		u.writes = append(u.writes, i)
	}
}

// writesInLoop reports whether one of the instructions is in a loop of th.
func writesInLoop(th *ir.Thread, writes []int) bool {
	first := len(th.Instr)
	for i := len(th.Instr) - 1; i >= 0; i-- {
		in := &th.Instr[i]
		if in.Op == ir.Jump || in.Op == ir.Branch || in.Op == ir.Fork {
			first = min(first, in.Target)
		}
		if i >= first && slices.Contains(writes, i) {
			return true
		}
	}
	return false
}
