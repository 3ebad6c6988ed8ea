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
