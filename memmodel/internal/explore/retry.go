package explore

import (
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A thread that tries again and again need not fail more often than what it remembers demands:
// package thread has the claim, the proof and the smallest execution (thread/retry.go). An
// execution with a round in vain is cut once the values are known that say so.
//
// A branch that is cut here might have enabled writes (postpone.go), so it reports that it was
// cut.
//
// Claim: no data race is missed, if no read that is left out is one that the model flags
// beside a write of another thread to its cell, with nothing to order the two. Proof: a race is
// a pair of accesses that are not ordered. A pair without such a read stays, with less order, and
// so does one with f, in the place of e. Smallest execution that would go wrong:
//
//	r0 = smp_load_acquire(x); while (r0 != 2) { r0 = smp_load_acquire(x); }   |   *x = 1; smp_store_release(x, 2);
//
// If the first read returns 0, it races with the plain write. If it returns 2, it does not.

// triesInVain reports whether a thread has gone round a loop in vain.
func (d *dynamic) triesInVain() bool {
	return d.spares && slices.ContainsFunc(d.th.runners, func(r *thread.Runner) bool {
		return len(r.Path().Retries) > 0 && d.inVainBy(r.Thread(), r.Path(), d.th.value[r.Thread()])
	})
}

// hasTriedInVain is triesInVain of an execution in which all is decided.
func (d *dynamic) hasTriedInVain() bool {
	if !d.spares {
		return false
	}
	for t, p := range d.paths {
		if len(p.Retries) > 0 && d.inVainBy(t, p, func(e int) (int64, bool) { return d.st.ValueOf(d.st.Base[t] + e) }) {
			return true
		}
	}
	return false
}

// inVainBy is triesInVain of one thread, by the values of its reads.
func (d *dynamic) inVainBy(t int, p *thread.Path, value func(int) (int64, bool)) bool {
	for i := range p.Retries {
		if x := &p.Retries[i]; p.InVain(x, value) && d.team.mayLeaveOut(t, p, x) {
			return true
		}
	}
	return false
}

// mayLeaveOut reports whether no read that x leaves out may race, and one may stand for the other.
func (m *team) mayLeaveOut(t int, p *thread.Path, x *thread.Retry) bool {
	if !m.isNoStronger(p.Events[x.Read].Tags, p.Events[x.Again].Tags) {
		return false
	}
	for e := x.Read; e < x.End; e++ {
		if ev := &p.Events[e]; ev.Kind == graph.Read && m.mayRace(t, ev) {
			return false
		}
	}
	return true
}

// isNoStronger reports whether a read with the tags a may take the place of one with the tags b:
// of those that the model knows, b has these and others that only forbid.
func (m *team) isNoStronger(a, b []string) bool {
	k := m.task.kit
	return !slices.ContainsFunc(a, func(tag string) bool { return k.Tells(tag) && !slices.Contains(b, tag) }) &&
		!slices.ContainsFunc(b, func(tag string) bool { return !slices.Contains(a, tag) && !k.Restrains(tag) })
}

// mayRace reports whether a read by thread t may race with a write of another thread, or be
// flagged because it reaches memory that was allocated elsewhere.
func (m *team) mayRace(t int, read *graph.Event) (races bool) {
	if m.task.prog.Cells[read.Loc].Heap {
		return true
	}
	for u, f := range m.flows {
		if u != t {
			f.Writers(read.Loc, func(in *ir.Instr) { races = races || m.areFlagged(read.Tags, in) })
		}
	}
	return races
}

// areFlagged reports whether the model flags a read with these tags beside the write of in, with
// nothing else in the program.
func (m *team) areFlagged(read []string, in *ir.Instr) bool {
	kind := in.Kind
	if in.Op == ir.Free {
		kind = graph.Write
	}
	if kind != graph.Write {
		return true
	}
	m.pairsMu.Lock()
	defer m.pairsMu.Unlock()
	key := strings.Join(read, " ") + "|" + strings.Join(in.Tags, " ")
	flagged, known := m.pairs[key]
	if !known {
		flagged = m.task.flags(pairOf(read, in.Tags))
		m.pairs[key] = flagged
	}
	return flagged
}

// pairOf is a program of two threads, one that reads a cell and one that writes it.
func pairOf(read, write []string) *ir.Program {
	cell := &ir.Expr{Op: ir.Const, K: ir.AddrOf(0)}
	p := &ir.Program{Name: "pair", Cells: []ir.Cell{{Name: "x"}}}
	p.Threads = []ir.Thread{
		{Name: "P0", Regs: []string{"r"}, Init: []int64{0}, Instr: []ir.Instr{{Op: ir.Do, Kind: graph.Read, Tags: read, Addr: cell}}},
		{Name: "P1", Instr: []ir.Instr{{Op: ir.Do, Kind: graph.Write, Tags: write, Dst: ir.NoReg, Addr: cell, Val: &ir.Expr{Op: ir.Const, K: 1}}}},
	}
	return p
}

// flags reports whether the model flags an execution of p, which has no loops, or forbids all.
func (t *task) flags(p *ir.Program) bool {
	flagged := false
	u := &task{ctx: t.ctx, prog: p, bound: 1, kit: t.kit, each: func(x *Execution) error {
		flagged = flagged || len(x.Flags()) > 0
		return nil
	}}
	paths, err := thread.UnfoldAll(p, u.bound, func() error { return nil })
	if err != nil {
		return true
	}
	return runStatic(u, paths).Executions == 0 || flagged
}
