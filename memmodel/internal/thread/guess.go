package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// Guesses returns the ways that a Runner can go which needs a value: each goes
// on with a demand on that value.
func (r *Runner) Guesses() []*Runner {
	if r.status != NeedsValue {
		return nil
	}
	ways := r.guess()
	for _, way := range ways {
		way.guessedAt = len(r.path.Events)
	}
	return ways
}

func (r *Runner) guess() []*Runner {
	if r.atLock {
		way := r.Clone()
		way.status = Running
		return []*Runner{way}
	}
	if r.atGap {
		return r.guessUse()
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
	case ir.Jump:
		return r.guessUse()
	case ir.Do:
		if in.Addr != nil {
			return r.guessAddress(in)
		}
	}
	return nil
}

// guessUse has r, which is at the end of a round and needs to know whether it waits there, go on
// with the demand that the round is of use.
func (r *Runner) guessUse() []*Runner {
	way := r.Clone()
	way.status, way.usefulRound = Running, true
	return []*Runner{way}
}

// Guessed reports whether r has come to no further read since it has gone on without a value.
func (r *Runner) Guessed() bool { return r.guessedAt > 0 && !r.comesToRead(r.guessedAt) }

// HasRead reports whether r, which went on from o, has come to another read since.
func (r *Runner) HasRead(o *Runner) bool { return r.comesToRead(len(o.path.Events)) }

// comesToRead reports whether r has performed a read behind so many events, or needs one there:
// with NeedsRMW its path does not have it yet.
func (r *Runner) comesToRead(events int) bool {
	return r.need >= events && needsValue(r.status) ||
		slices.ContainsFunc(r.path.Events[events:], func(e graph.Event) bool { return e.Kind.Reads() })
}

func needsValue(s Status) bool { return s == NeedsValue || s == NeedsRMW }

// demand adds to what must not be zero, and lets r go on.
func (r *Runner) demand(x Sym) {
	r.path.Must = append(r.path.Must, x)
	r.goesBy(x, true)
	r.status = Running
}

func (r *Runner) guessBranch(in *ir.Instr) []*Runner {
	taken, other := r.Clone(), r.Clone()
	for _, way := range []*Runner{taken, other} {
		cond := way.expr(in.Val)
		if _, ok := way.path.Eval(cond, way.value); ok {
			return r.guessUse()
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
		if in.Kind.Reads() {
			way.beginBehind()
		}
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
