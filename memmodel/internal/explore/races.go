package explore

import (
	"fmt"
	"slices"
	"strconv"

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
	t := slices.IndexFunc(before.runners, func(r *thread.Runner) bool { return d.sched.mayKeep(d.th.runners[r.Thread()], r) })
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
func (s *scheduler) mayKeep(r, before *thread.Runner) bool {
	if !s.partial.keepsRounds || r == before || r.KeepsRound() {
		return false
	}
	reads, writes, ok := r.DroppedRound()
	if !ok {
		return false
	}
	kept, write := s.th.keptRounds()
	if kept > 1 || kept == 1 && !write && len(writes) == 0 {
		return false
	}
	t := r.Thread()
	return slices.ContainsFunc(reads, func(e graph.Event) bool { return s.team.mayRace(t, &e) }) ||
		slices.ContainsFunc(writes, func(e graph.Event) bool { return s.team.mayRaceWith(t, &e) })
}

// keptRounds counts the threads that keep a round of waiting. write says that one of these rounds
// writes.
func (th *threads) keptRounds() (n int, write bool) {
	for _, r := range th.runners {
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
				races = races || !p.Mistypes(in, read.Loc) && m.mayBeFlagged(read.Tags, in.Tags, kindOf(in))
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
				races = races || !m.task.prog.Mistypes(in, write.Loc) && m.mayBeFlagged(in.Tags, write.Tags, write.Kind)
			})
		}
	}
	return races
}

// mustBeOrdered reports whether a write by thread t is flagged beside each access by which another
// thread may reach its cell, if nothing orders the two.
func (m *team) mustBeOrdered(t int, write *graph.Event) bool {
	all := true
	for u, f := range m.flows {
		if u == t {
			continue
		}
		beside := func(in *ir.Instr) {
			kind := kindOf(in)
			all = all && (kind == graph.Read || kind == graph.Write) && m.flagsOf(access{kind, in.Tags}, access{graph.Write, write.Tags}).all
		}
		f.Readers(write.Loc, beside)
		f.Writers(write.Loc, beside)
	}
	return all
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

// An access is a read or a write with its tags.
type access struct {
	kind graph.Kind
	tags []string
}

// mayBeFlagged reports whether the model flags a read and a write with these tags. Of other kinds of
// writes that is not known.
func (m *team) mayBeFlagged(read, write []string, kind graph.Kind) bool {
	return kind != graph.Write || m.flagsOf(access{graph.Read, read}, access{kind, write}).some
}

// A flagged says which executions of a program the model flags.
type flagged struct{ some, all bool }

// flagsOf says which executions the model flags of two accesses of two threads to one cell, with
// nothing else in the program.
func (m *team) flagsOf(a, b access) flagged {
	m.pairsMu.Lock()
	defer m.pairsMu.Unlock()
	key := fmt.Sprint(a, b)
	f, known := m.pairs[key]
	if !known {
		f = m.task.flags(pairOf(a, b))
		m.pairs[key] = f
	}
	return f
}

// pairOf is a program of two threads that access one cell.
func pairOf(a, b access) *ir.Program {
	cell := &ir.Expr{Op: ir.Const, K: ir.AddrOf(0)}
	p := &ir.Program{Name: "pair", Cells: []ir.Cell{{Name: "x"}}}
	for i, x := range []access{a, b} {
		in := ir.Instr{Op: ir.Do, Kind: x.kind, Tags: x.tags, Dst: ir.NoReg, Addr: cell}
		if x.kind == graph.Write {
			in.Val = &ir.Expr{Op: ir.Const, K: 1}
		}
		p.Threads = append(p.Threads, ir.Thread{Name: "P" + strconv.Itoa(i), Instr: []ir.Instr{in}})
	}
	return p
}

// flags says which executions of p, which has no loops, the model flags: some if that is not known,
// or if it forbids all.
func (t *task) flags(p *ir.Program) flagged {
	f := flagged{all: true}
	u := &task{ctx: t.ctx, prog: p, bound: 1, kit: t.kit, each: func(x *Execution) error {
		has := len(x.Flags()) > 0
		f.some, f.all = f.some || has, f.all && has
		return nil
	}}
	paths, err := thread.UnfoldAll(p, u.bound, func() error { return nil })
	if err != nil || runStatic(u, paths).Executions == 0 {
		return flagged{some: true}
	}
	return f
}
