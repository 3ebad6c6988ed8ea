package thread

import (
	"math"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A state is how far a thread has come, with its path and its registers.
type state struct {
	prog     *ir.Program
	index    int // the thread
	th       *ir.Thread
	path     *Path
	regs     []Sym
	ctrl     []Set // by register: reads that decided which value it was given
	pc       int
	scopes   []scope // control dependencies in force; they need not nest
	lastRead int
	reserved [ir.Reservations]int // the last read that was Exclusive, of each Reservation
	chances  int                  // Exclusive Forks gone by
	picks    []Set                // by cell, with Program.Picks: the reads that picked the value that the thread wrote last
	divisors []Sym                // that were divided by, and have not been looked at
}

// A scope is the reach of a branch.
type scope struct {
	deps Set
	join int
}

func begin(p *ir.Program, t int) state {
	th := &p.Threads[t]
	s := state{prog: p, index: t, th: th, path: &Path{}, regs: make([]Sym, len(th.Regs)), ctrl: make([]Set, len(th.Regs)), lastRead: -1}
	for i := range s.reserved {
		s.reserved[i] = -1
	}
	for i, v := range th.Init {
		s.regs[i] = s.constant(v)
	}
	return s
}

// branch makes c, whose memory it uses, a copy that goes on by itself while s stays
// as it is. The copy adds to the path behind the part that both have, in the same
// memory: only the last copy may be used.
func (s *state) branch(c *state) {
	own := *c
	*c = *s
	c.path = own.path
	*c.path = *s.path
	c.regs = append(own.regs[:0], s.regs...)
	c.ctrl = append(own.ctrl[:0], s.ctrl...)
	c.scopes = append(own.scopes[:0], s.scopes...)
	c.picks = append(own.picks[:0], s.picks...)
	c.divisors = append(own.divisors[:0], s.divisors...)
}

// clone is branch for copies that are used side by side.
func (s *state) clone() state {
	c := state{path: &Path{}}
	s.branch(&c)
	c.path.clip()
	return c
}

// clip has what is added to p go to memory of its own.
func (p *Path) clip() {
	p.Events = slices.Clip(p.Events)
	p.Write = slices.Clip(p.Write)
	p.Syms = slices.Clip(p.Syms)
	p.Must = slices.Clip(p.Must)
	p.Asserts = slices.Clip(p.Asserts)
	p.Addr, p.Data, p.Ctrl = slices.Clip(p.Addr), slices.Clip(p.Data), slices.Clip(p.Ctrl)
	p.RMW, p.LockRM = slices.Clip(p.RMW), slices.Clip(p.LockRM)
	p.Frees, p.Allocs = slices.Clip(p.Frees), slices.Clip(p.Allocs)
	p.Arrivals, p.Retries = slices.Clip(p.Arrivals), slices.Clip(p.Retries)
}

// event appends the event of in, at cell.
func (s *state) event(in *ir.Instr, cell int, addrDeps Set) {
	p, at := s.path, len(s.path.Events)
	p.Events = append(p.Events, graph.Event{
		Thread: s.index, Kind: in.Kind, Copies: in.Copies, Loc: cell, Tags: in.Tags, Text: in.Text, Pos: in.Pos,
	})
	link := func(list *[]graph.Edge, deps Set) {
		deps.Each(func(from int) { *list = append(*list, graph.Edge{From: from, To: at}) })
	}
	link(&p.Addr, addrDeps)
	control := s.control(in)
	link(&p.Ctrl, control)
	value := NoSym
	if in.Val != nil {
		value = s.expr(in.Val)
		link(&p.Data, p.Syms[value].Deps)
	}
	if !in.Kind.Writes() {
		value = NoSym
	} else if value == NoSym {
		value = s.constant(0)
	}
	p.Write = append(p.Write, value)
	switch {
	case in.RMW && in.Exclusive:
		p.RMW = append(p.RMW, graph.Edge{From: s.reserved[in.Reservation], To: at})
	case in.RMW:
		p.RMW = append(p.RMW, graph.Edge{From: s.lastRead, To: at})
	case in.Kind == graph.LockWrite:
		p.LockRM = append(p.LockRM, graph.Edge{From: s.lastRead, To: at})
	}
	if s.prog.Picks && in.Kind.Writes() {
		s.pass(cell, control)
	}
	if in.Yields {
		s.regs[in.Dst] = s.term(Term{Op: ir.Const, A: NoSym, B: NoSym, C: NoSym, Deps: single(at)})
		s.ctrl[in.Dst] = nil
	}
	if in.Kind.Reads() {
		s.lastRead = at
		if in.Exclusive {
			s.reserved[in.Reservation] = at
		}
		if in.Dst != ir.NoReg {
			s.regs[in.Dst], s.ctrl[in.Dst] = s.read(at), s.passed(cell)
		}
	}
}

// control is what the event of in depends on, by control.
func (s *state) control(in *ir.Instr) Set {
	if !s.prog.Picks {
		return s.inForce()
	}
	if in.Addr != nil {
		if picks := s.ctrlOf(in.Addr); len(picks) > 0 {
			s.scopes = append(s.scopes, scope{picks, len(s.th.Instr)})
		}
	}
	if in.Val == nil {
		return s.inForce()
	}
	return s.inForce().union(s.ctrlOf(in.Val))
}

// chance counts a Fork, if it is Exclusive.
func (s *state) chance(in *ir.Instr) {
	if in.Exclusive {
		s.chances++
	}
}

// pass notes the reads that pick the value that is written to a cell.
func (s *state) pass(cell int, by Set) {
	if len(s.picks) == 0 {
		s.picks = make([]Set, len(s.prog.Cells))
	}
	s.picks[cell] = by
}

// passed is what picked the value that the thread wrote to a cell last.
func (s *state) passed(cell int) Set {
	if len(s.picks) == 0 {
		return nil
	}
	return s.picks[cell]
}

// inForce is what the thread depends on, by control, where it is.
func (s *state) inForce() Set {
	var all Set
	for _, sc := range s.scopes {
		all = all.union(sc.deps)
	}
	return all
}

// ctrlOf is what decided which values the registers of e have: in
//
//	if (r1) r2 = 1; else r2 = 1;
//	if (r2) WRITE_ONCE(*x, 1);
//
// the write depends on r1's read, by control, as it does for herd.
func (s *state) ctrlOf(e *ir.Expr) Set {
	if e.Op == ir.Load {
		return s.ctrl[e.R]
	}
	var all Set
	for _, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x != nil {
			all = all.union(s.ctrlOf(x))
		}
	}
	return all
}

// fold computes e if it depends on nothing that has been read.
func (s *state) fold(e *ir.Expr) (v int64, ok bool) {
	switch e.Op {
	case ir.Const:
		return e.K, true
	case ir.Load:
		t := &s.path.Syms[s.regs[e.R]]
		return t.K, t.Op == ir.Const && len(t.Deps) == 0
	}
	var args [3]int64
	for i, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x == nil {
			continue
		}
		if args[i], ok = s.fold(x); !ok {
			return 0, false
		}
	}
	return e.Op.Apply(args[0], args[1], args[2])
}

// calculate computes e, where read gives the values that events have read, without a
// term for it. ok is false if one of them is not known, or there is no result.
func (s *state) calculate(e *ir.Expr, read func(event int) (int64, bool)) (v int64, ok bool) {
	switch e.Op {
	case ir.Const:
		return e.K, true
	case ir.Load:
		if t := &s.path.Syms[s.regs[e.R]]; t.Op == ir.Const {
			return t.K, true
		}
		return s.path.Eval(s.regs[e.R], read)
	}
	var args [3]int64
	for i, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x == nil {
			continue
		}
		if args[i], ok = s.calculate(x, read); !ok {
			return 0, false
		}
	}
	return e.Op.Apply(args[0], args[1], args[2])
}

// depsOf is what the value of e depends on.
func (s *state) depsOf(e *ir.Expr) Set {
	switch e.Op {
	case ir.Const:
		return nil
	case ir.Load:
		return s.path.Syms[s.regs[e.R]].Deps
	}
	var all Set
	for _, x := range [3]*ir.Expr{e.A, e.B, e.C} {
		if x != nil {
			all = all.union(s.depsOf(x))
		}
	}
	return all
}

func (s *state) term(t Term) Sym {
	s.path.Syms = append(s.path.Syms, t)
	return Sym(len(s.path.Syms) - 1)
}

func (s *state) constant(k int64) Sym {
	return s.term(Term{Op: ir.Const, K: k, A: NoSym, B: NoSym, C: NoSym})
}

func (s *state) read(event int) Sym {
	self := single(event)
	return s.term(Term{Op: ir.Load, K: int64(event), A: NoSym, B: NoSym, C: NoSym, Deps: self, Reads: self, size: 1})
}

func (s *state) expr(e *ir.Expr) Sym {
	switch e.Op {
	case ir.Const:
		return s.constant(e.K)
	case ir.Load:
		return s.regs[e.R]
	}
	if v, ok := s.fold(e); ok {
		return s.constant(v)
	}
	a, b, c := NoSym, NoSym, NoSym
	a = s.expr(e.A)
	if e.B != nil {
		b = s.expr(e.B)
	}
	if e.C != nil {
		c = s.expr(e.C)
	}
	if e.Op == ir.Div || e.Op == ir.Mod {
		s.divisors = append(s.divisors, b)
	}
	return s.op(e.Op, a, b, c)
}

// op makes the term of an operation. Where its value is certain the term is a
// constant, with all the dependencies it would have: x ^ x is how litmus tests
// make a dependency without an effect.
func (s *state) op(op ir.ExprOp, a, b, c Sym) Sym {
	at := func(x Sym) *Term {
		if x == NoSym {
			return &Term{Op: ir.Const}
		}
		return &s.path.Syms[x]
	}
	ta, tb, tc := at(a), at(b), at(c)
	deps := ta.Deps.union(tb.Deps).union(tc.Deps)
	if ta.Op == ir.Const && tb.Op == ir.Const && tc.Op == ir.Const {
		if v, ok := op.Apply(ta.K, tb.K, tc.K); ok {
			return s.term(Term{Op: ir.Const, K: v, A: NoSym, B: NoSym, C: NoSym, Deps: deps})
		}
	}
	if v, ok := certain(op, ta, tb, a == b || ta.Op == ir.Load && tb.Op == ir.Load && ta.K == tb.K); ok {
		return s.term(Term{Op: ir.Const, K: v, A: NoSym, B: NoSym, C: NoSym, Deps: deps})
	}
	return s.term(Term{
		Op: op, A: a, B: b, C: c, Deps: deps,
		Reads: ta.Reads.union(tb.Reads).union(tc.Reads),
		size:  min(1+ta.size+tb.size+tc.size, math.MaxInt32),
	})
}

// certain computes what is so whatever the unknown operands are.
func certain(op ir.ExprOp, a, b *Term, same bool) (int64, bool) {
	if same {
		switch op {
		case ir.Sub, ir.Xor, ir.Ne, ir.Lt, ir.Gt:
			return 0, true
		case ir.Eq, ir.Le, ir.Ge:
			return 1, true
		}
	}
	zero := func(t *Term) bool { return t.Op == ir.Const && t.K == 0 }
	switch op {
	case ir.And, ir.Mul, ir.LAnd:
		if zero(a) || zero(b) {
			return 0, true
		}
	case ir.LOr:
		if a.Op == ir.Const && a.K != 0 || b.Op == ir.Const && b.K != 0 {
			return 1, true
		}
	}
	return 0, false
}
