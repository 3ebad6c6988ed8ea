package native

import (
	"fmt"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// body makes the instructions of the thread.
func (g *generator) body(th *ir.Thread) error {
	g.failing, g.halves, g.holds, g.otherTags = map[int]label{}, map[int]label{}, map[int]bool{}, map[int][]string{}
	for range len(th.Instr) + 1 {
		g.starts = append(g.starts, g.newLabel())
	}
	for i := 0; i < len(th.Instr); {
		n, err := g.instruction(th.Instr, i)
		if err == nil {
			err = g.err
		}
		if err != nil {
			in := &th.Instr[i]
			return fmt.Errorf("%s:%d:%d: %s: %w", in.Pos.File, in.Pos.Line, in.Pos.Col, in.Text, err)
		}
		i += n
	}
	g.bind(g.starts[len(th.Instr)])
	return nil
}

// instruction makes code[i], and perhaps some that follow. It returns how many.
func (g *generator) instruction(code []ir.Instr, i int) (n int, err error) {
	in := &code[i]
	if in.Op == ir.Do && in.Kind != graph.Fence {
		if n, ok, err := g.atomic(code, i); ok || err != nil {
			return n, err
		}
	}
	g.bind(g.starts[i])
	switch in.Op {
	case ir.Do:
		return 1, g.event(code, i)
	case ir.Assign:
		g.eval(in.Val, 0)
		g.put(in.Dst, regA)
	case ir.Branch:
		g.backwards(i, in.Target)
		g.eval(in.Val, 0)
		g.branchNonzero(regA, g.starts[in.Target])
	case ir.Jump:
		g.backwards(i, in.Target)
		g.jump(g.starts[in.Target])
	case ir.Fork:
		return 1, g.choice(code, i)
	case ir.Assume:
		return 1, g.assume(code, i)
	case ir.Idle, ir.Lapse, ir.Exit:
	default:
		return 0, fmt.Errorf("no instruction of the machine does that: it cannot be run")
	}
	return 1, nil
}

// backwards bounds a loop by the clock.
func (g *generator) backwards(from, to int) {
	if to <= from {
		g.look()
	}
}

func (g *generator) event(code []ir.Instr, i int) error {
	in := &code[i]
	switch in.Kind {
	case graph.Fence:
		if in.Addr != nil {
			return fmt.Errorf("no instruction of the machine does that: it cannot be run")
		}
		return g.fence(in.Tags)
	case graph.Read:
		return g.readEvent(code, i)
	case graph.Write:
		return g.writeEvent(in, i)
	case graph.Unlock:
		return g.write(g.operands(in.Addr, in.Val), regA, in.Tags)
	case graph.SeeLock, graph.SeeFree, graph.LockFail:
		at := g.operands(in.Addr, nil)
		if err := g.read(regA, at, in.Tags); err != nil {
			return err
		}
		g.put(in.Dst, regA)
		if fails, ok := g.failing[i]; ok { // SeeLock: the other way is SeeFree
			g.branchZero(regA, fails)
		}
		return nil
	}
	return fmt.Errorf("internal error: half of a lock")
}

// readEvent makes a read, or the first half of an atomic operation, to which the second
// half jumps back.
func (g *generator) readEvent(code []ir.Instr, i int) error {
	in := &code[i]
	half := secondHalf(code, i)
	if half >= 0 {
		again := g.newLabel()
		g.bind(again)
		g.halves[half] = again
	}
	at := g.operands(in.Addr, nil)
	read := g.read
	if half >= 0 {
		read = g.readHalf
	}
	tags := in.Tags
	if other, ok := g.otherTags[i]; ok {
		tags = other
	}
	if err := read(regA, at, tags); err != nil {
		return err
	}
	g.put(in.Dst, regA)
	if half >= 0 && g.comparesOld() {
		g.store(oldValue, regA)
	}
	return nil
}

// secondHalf is the write of the atomic operation that code[i] begins; -1 if it begins none.
// The instructions between the two only compute.
func secondHalf(code []ir.Instr, i int) int {
	for k := i + 1; k < len(code); k++ {
		switch in := &code[k]; in.Op {
		case ir.Do:
			if in.RMW {
				return k
			}
			return -1
		case ir.Assign, ir.Assume:
		default:
			return -1
		}
	}
	return -1
}

func (g *generator) writeEvent(in *ir.Instr, i int) error {
	if !in.RMW {
		return g.write(g.operands(in.Addr, in.Val), regA, in.Tags)
	}
	again, ok := g.halves[i]
	if !ok {
		return fmt.Errorf("internal error: half of an atomic operation")
	}
	at := g.operands(in.Addr, in.Val)
	g.mov(regC, regA)
	g.load(regA, oldValue)
	return g.writeHalf(at, in.Tags, again)
}

// oldValue is where the first half of an atomic operation leaves what it has read, where the
// machine needs that for the second.
var oldValue = temp(maxTemps - 1)

// choice makes a Fork: of two ways, the one that the values allow.
func (g *generator) choice(code []ir.Instr, i int) error {
	first, second := firstRead(code, i+1), firstRead(code, code[i].Target)
	if first < 0 || second < 0 {
		return errChoice
	}
	a, b := &code[first], &code[second]
	if !sameExpr(a.Addr, b.Addr) || a.Dst != b.Dst && b.Dst != ir.NoReg {
		return errChoice
	}
	switch {
	case a.Kind == graph.Read && b.Kind == graph.Read:
		x, y := firstAssume(code, first), firstAssume(code, second)
		if x < 0 || y < 0 || !opposite(code[x].Val, code[y].Val) {
			return errChoice
		}
		g.failing[x], g.holds[y] = g.starts[y+1], true
		if g.comparesOld() {
			g.otherTags[first] = b.Tags // the second half has the order of the way that succeeds
		}
	case a.Kind == graph.LockRead && b.Kind == graph.LockFail, a.Kind == graph.SeeLock && b.Kind == graph.SeeFree:
		g.failing[first] = g.starts[second+1]
	default:
		return errChoice
	}
	return nil
}

var errChoice = fmt.Errorf("a choice that no instruction of the machine makes: it cannot be run")

// firstRead is the first access from code[i] on, if it reads and only fences precede it.
func firstRead(code []ir.Instr, i int) int {
	for ; i < len(code) && code[i].Op == ir.Do; i++ {
		if code[i].Kind.Reads() {
			return i
		}
		if code[i].Kind != graph.Fence {
			break
		}
	}
	return -1
}

// firstAssume is the first Assume behind code[i], if only assignments precede it.
func firstAssume(code []ir.Instr, i int) int {
	for i++; i < len(code) && (code[i].Op == ir.Assign || code[i].Op == ir.Assume); i++ {
		if code[i].Op == ir.Assume {
			return i
		}
	}
	return -1
}

// opposite reports whether one of two values is zero where the other is not.
func opposite(a, b *ir.Expr) bool {
	negated := map[ir.ExprOp]ir.ExprOp{ir.Eq: ir.Ne, ir.Ne: ir.Eq}
	if a.Op == ir.Not && sameExpr(a.A, b) || b.Op == ir.Not && sameExpr(b.A, a) {
		return true
	}
	op, ok := negated[a.Op]
	return ok && op == b.Op && sameExpr(a.A, b.A) && sameExpr(a.B, b.B)
}

func sameExpr(a, b *ir.Expr) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Op == b.Op && a.K == b.K && (a.Op != ir.Load || a.R == b.R) &&
		sameExpr(a.A, b.A) && sameExpr(a.B, b.B) && sameExpr(a.C, b.C)
}

// assume goes the other way of a choice if the value is zero. There it holds. Where there is
// no choice, the value is that of a load which is repeated until it holds, as of
// smp_cond_load_acquire.
func (g *generator) assume(code []ir.Instr, i int) error {
	if g.holds[i] {
		return nil
	}
	other, ok := g.failing[i]
	if !ok {
		read := lastRead(code, i)
		if read < 0 {
			return errChoice
		}
		other = g.starts[read]
	}
	g.eval(code[i].Val, 0)
	fine := g.newLabel()
	g.branchNonzero(regA, fine)
	if ok {
		g.abandon()
	} else {
		g.pause()
		g.look()
	}
	g.jump(other)
	g.bind(fine)
	return nil
}

// lastRead is the load before code[i], if only assignments are in between.
func lastRead(code []ir.Instr, i int) int {
	for i--; i >= 0 && code[i].Op == ir.Assign; i-- {
	}
	if i >= 0 && code[i].Op == ir.Do && code[i].Kind == graph.Read {
		return i
	}
	return -1
}
