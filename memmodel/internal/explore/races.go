package explore

import (
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A round of a loop that only waits is left out, with its events (package thread). Those may be
// all that races. So where an event of such a round may race, the executions in which the round
// is kept are explored, too. They count for their flags alone: without the round they end alike.
//
// Claim: a pair of accesses of two threads that the model flags in some execution is flagged in
// one that keeps at most one round of waiting in a thread and at most two in all, and two only if
// one of these writes.
//
// Proof: leave out all rounds of waiting but those that the two accesses are in. What is left is
// an execution of the program, and every relation by which the model orders has fewer pairs. One
// of the two accesses is a write. It is in a round of waiting only if that puts back what it has
// found. Smallest execution:
//
//	while (smp_load_acquire(x) != 7) ;   |   *x = 5; smp_store_release(x, 7);
//
// A round that reads 0 or 5 races with the plain write. The last read does not.
//
// Whether an access may race is asked beforehand: the model judges a program of the two accesses
// and nothing else, in which nothing orders them. Executions in which a kept round reads what is
// written because of a later write of its own thread (load buffering) are not looked for.

// keepRound explores the executions that keep the round of waiting at which a thread has stopped
// that came from before.
func (d *dynamic) keepRound(before position, m mode) outcome {
	if m.block {
		return outcome{}
	}
	t := slices.IndexFunc(before.runners, func(r *thread.Runner) bool { return d.mayKeep(d.th.runners[r.Thread()], r) })
	if t < 0 {
		return outcome{}
	}
	copy(d.th.runners, before.runners)
	r := d.th.branch(before.runners[t])
	r.KeepRound()
	d.th.runners[t] = r
	return d.advance(mode{})
}

// mayKeep reports whether r, which came from before, has stopped at a round of waiting that is to
// be kept.
func (d *dynamic) mayKeep(r, before *thread.Runner) bool {
	if d.task.cfg.Flagged == nil || d.sampler != nil || r == before || r.KeepsRound() {
		return false
	}
	reads, writes, ok := r.DroppedRound()
	if !ok {
		return false
	}
	kept, write := d.keptRounds()
	if kept > 1 || kept == 1 && !write && len(writes) == 0 {
		return false
	}
	t := r.Thread()
	return slices.ContainsFunc(reads, func(e graph.Event) bool { return d.team.mayRace(t, &e) }) ||
		slices.ContainsFunc(writes, func(e graph.Event) bool { return d.team.mayRaceWith(t, &e) })
}

// keptRounds counts the threads that keep a round of waiting. write says that one of these rounds
// writes.
func (d *dynamic) keptRounds() (n int, write bool) {
	for _, r := range d.th.runners {
		if r.KeepsRound() {
			n++
			write = write || r.KeepsWrite()
		}
	}
	return n, write
}

// mayRace reports whether a read by thread t may race with a write of another thread, or be
// flagged because it reaches memory that another thread has allocated.
func (m *team) mayRace(t int, read *graph.Event) (races bool) {
	p := m.task.prog
	if p.Cells[read.Loc].Hidden {
		return false
	}
	for u, f := range m.flows {
		if u != t {
			f.Writers(read.Loc, func(in *ir.Instr) {
				races = races || !p.Mistypes(in, read.Loc) && m.areFlagged(read.Tags, in.Tags, kindOf(in))
			})
			races = races || m.allocates(u, read.Loc)
		}
	}
	return races
}

// mayRaceWith reports whether a write by thread t may race with a read of another thread.
func (m *team) mayRaceWith(t int, write *graph.Event) (races bool) {
	for u, f := range m.flows {
		if u != t {
			f.Readers(write.Loc, func(in *ir.Instr) {
				races = races || !m.task.prog.Mistypes(in, write.Loc) && m.areFlagged(in.Tags, write.Tags, write.Kind)
			})
		}
	}
	return races
}

// allocates reports whether thread t may allocate a cell.
func (m *team) allocates(t, cell int) bool {
	p := m.task.prog
	return p.Cells[cell].Heap && slices.ContainsFunc(p.Threads[t].Instr, func(in ir.Instr) bool {
		return in.Op == ir.Alloc && slices.ContainsFunc(in.Objects, func(o int) bool {
			return p.Objects[o].Cell <= cell && cell < p.Objects[o].Cell+p.Objects[o].Size
		})
	})
}

// kindOf is the kind of event by which in writes.
func kindOf(in *ir.Instr) graph.Kind {
	if in.Op == ir.Free {
		return graph.Write
	}
	return in.Kind
}

// areFlagged reports whether the model flags a read and a write with these tags, with nothing else
// in the program. Of other kinds of writes that is not known.
func (m *team) areFlagged(read, write []string, kind graph.Kind) bool {
	if kind != graph.Write {
		return true
	}
	m.pairsMu.Lock()
	defer m.pairsMu.Unlock()
	key := strings.Join(read, " ") + "|" + strings.Join(write, " ")
	flagged, known := m.pairs[key]
	if !known {
		flagged = m.task.flags(pairOf(read, write))
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
