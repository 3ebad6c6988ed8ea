package thread

import "crosscall/memmodel/internal/ir"
import "crosscall/memmodel/graph"

// Guesses returns the ways that a Runner can go which needs a value: each goes
// on with a demand on that value.
func (r *Runner) Guesses() []*Runner {
	if r.status != NeedsValue {
		return nil
	}
	if r.atLock {
		way := r.Clone()
		way.status = Running
		return []*Runner{way}
	}
	in := &r.th.Instr[r.pc]
	switch in.Op {
	case ir.Branch:
		return r.guessBranch(in)
	case ir.Fork:
		way := r.Clone()
		way.status = NeedsChoice
		return []*Runner{way}
	case ir.Assume:
		way := r.Clone()
		way.demand(way.expr(in.Val))
		way.pc++
		return []*Runner{way}
	case ir.Do:
		if in.Addr != nil {
			return r.guessAddress(in)
		}
	}
	return nil
}

// Guessed reports whether r has gone on before without the value that it needs.
func (r *Runner) Guessed() bool { return r.guessed(r.need) }

// demand adds to what must not be zero, and lets r go on.
func (r *Runner) demand(x Sym) {
	r.path.Must = append(r.path.Must, x)
	r.status = Running
}

func (r *Runner) guessBranch(in *ir.Instr) []*Runner {
	taken, other := r.Clone(), r.Clone()
	for _, way := range []*Runner{taken, other} {
		cond := way.expr(in.Val)
		if _, ok := way.path.Eval(cond, way.value); ok {
			return nil // it needs to know what a round of waiting has seen
		}
		way.scopes = append(way.scopes, scope{way.path.Syms[cond].Deps.union(way.ctrlOf(in.Val)), in.Join})
		way.openBranches = append(way.openBranches, way.pc)
		if way == taken {
			way.demand(cond)
			way.jump(in.Target)
			continue
		}
		way.demand(way.op(ir.Not, cond, NoSym, NoSym))
		way.pc++
	}
	return []*Runner{taken, other}
}

func (r *Runner) guessAddress(in *ir.Instr) []*Runner {
	var ways []*Runner
	for c := range r.prog.Cells {
		cell := &r.prog.Cells[c]
		if cell.Name == "" || cell.Private || in.Class != 0 && cell.Class != in.Class {
			continue
		}
		way := r.Clone()
		addr := way.expr(in.Addr)
		way.demand(way.op(ir.Eq, addr, way.constant(ir.AddrOf(c)), NoSym))
		way.event(in, c, way.path.Syms[addr].Deps)
		way.pc++
		ways = append(ways, way)
	}
	return ways
}

// Orders says what a model keeps in order.
type Orders interface {
	// Fence: a fence with these tags keeps what is before it from what is behind.
	Fence(tags []string) bool
	// Control: a write comes after the reads that it has a control dependency on.
	Control() bool
	// Address: a write comes after the reads that the address of an earlier access
	// depends on.
	Address() bool
	// Operation: what an atomic operation writes comes after what it reads.
	Operation() bool
	// Access: an access keeps its place by itself, a read before all that comes
	// after it, a write after all that comes before it.
	Access(k graph.Kind, tags []string) bool
}

// MayOvertake reports whether r can perform a write to one of the cells without the
// value of a read: one that nothing keeps back.
func (r *Runner) MayOvertake(read int, cells []int, o Orders) bool {
	if r.pc >= len(r.th.Instr) || len(cells) == 0 {
		return false
	}
	in := &r.th.Instr[r.pc]
	from, join := r.pc, r.pc
	if o.Operation() && in.Op == ir.Assume && read == len(r.path.Events)-1 && from+1 < len(r.th.Instr) && r.th.Instr[from+1].RMW {
		from += 2 // what the same operation writes is no other write
	}
	// Behind an access to a lock, the instruction is not what the read decides.
	if decides := r.need == read && !r.atLock; decides {
		switch {
		case in.Op == ir.Branch && o.Control():
			join = in.Join
		case (in.Op == ir.Do || in.Op == ir.Free) && in.Addr != nil && o.Address():
			return false
		}
	}
	if join == len(r.th.Instr) {
		return false
	}
	s := reachability{runner: r, cells: cells, orders: o, from: r.pc, join: join, seen: make([]bool, len(r.th.Instr)+1)}
	s.visit(from)
	return s.found
}

// reachability is a look at what may come.
type reachability struct {
	runner     *Runner
	cells      []int
	orders     Orders
	from, join int // the branch that the thread is at, and where its ways meet
	seen       []bool
	found      bool
}

func (s *reachability) visit(i int) {
	code := s.runner.th.Instr
	if i == len(code) || s.seen[i] || s.found {
		return
	}
	s.seen[i] = true
	in := &code[i]
	if in.Op == ir.Do && in.Kind == graph.Fence && s.orders.Fence(in.Tags) {
		return
	}
	if s.writes(in) && !s.within(i) {
		for _, c := range s.cells {
			s.found = s.found || s.runner.flow.own[i][c>>6]>>(c&63)&1 != 0
		}
	}
	s.runner.flow.next(i, s.visit)
}

func (s *reachability) writes(in *ir.Instr) bool {
	return in.Op == ir.Free || in.Op == ir.Do && in.Kind.Writes() && !s.orders.Access(in.Kind, in.Tags)
}

// within reports whether instruction i is between the branch and where its ways
// meet.
func (s *reachability) within(i int) bool { return i > s.from && i < s.join }
