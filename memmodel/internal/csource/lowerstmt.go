package csource

import "crosscall/memmodel/internal/ir"

func (l *lowerer) stmts(list []*stmt) {
	for _, s := range list {
		l.stmt(s)
	}
}

func (l *lowerer) stmt(s *stmt) {
	defer l.code.here(s.at)()
	switch s.kind {
	case evalStmt:
		l.effect(s.x)
	case declStmt:
		l.declare(s)
	case blockStmt:
		l.stmts(s.body)
	case scopeStmt:
		l.scoped(func() { l.stmts(s.body) })
	case ifStmt:
		l.ifStmt(s)
	case loopStmt:
		l.loop(s)
	case switchStmt:
		l.switchStmt(s)
	case returnStmt:
		l.returns(s)
	case breakStmt:
		l.leave(s, l.frame.brk, l.frame.brkScope, "break")
	case continueStmt:
		l.leave(s, l.frame.cont, l.frame.contScope, "continue")
	case gotoStmt:
		l.jumpTo(s)
	case labelStmt:
		l.code.land(l.frame.label(s.label))
	}
}

// leave goes to the end of a loop or switch. n is how many variables with a
// cleanup are in scope there.
func (l *lowerer) leave(s *stmt, to *label, n int, what string) {
	if to == nil {
		fail(s.at, "%s is in no loop", what)
	}
	l.cleanUp(n)
	l.code.jump(to)
}

// declare begins the life of a local variable.
func (l *lowerer) declare(s *stmt) {
	v := s.v
	if v.cleanup != nil {
		defer func() { l.frame.scope = append(l.frame.scope, v) }()
	}
	b := l.frame.vars[v]
	if v.addressed {
		if b == nil { // in the next round of a loop it is where it was
			b = &binding{reg: ir.NoReg, addr: l.locals.inMemory(v.name, v.t)}
			l.locals.own[len(l.locals.own)-1].unset = len(s.inits) == 0
			l.frame.vars[v] = b
		}
		if len(s.inits) > 0 {
			l.initialize(place{reg: ir.NoReg, addr: known(b.addr), t: v.t}, s.inits)
		} else if v.t.scalar() {
			l.locals.startsUnset(v, b)
		}
		return
	}
	var first value
	if len(s.inits) > 0 {
		first = l.rvalue(s.inits[0].x)
	}
	l.bind(v, first)
}

// literal is a compound literal: an object that lives as long as a local variable, or for
// ever if it is in the initial value of a static one.
func (l *lowerer) literal(e *expr) place {
	if l.frame == nil {
		addr := ir.AddrOf(l.space.object(e.v.name, e.v.t))
		l.unit.initial(e.inits, addr)
		return place{reg: ir.NoReg, addr: known(addr), t: e.v.t}
	}
	p := place{reg: ir.NoReg, addr: known(l.locals.inMemory(e.v.name, e.v.t)), t: e.v.t}
	l.frame.vars[&variable{name: e.v.name}] = &binding{reg: ir.NoReg, addr: p.addr.e.K}
	l.initialize(p, e.inits)
	return p
}

// bind gives a scalar that is not in memory its first value, if it has one. A
// variable that is never assigned to needs no register if its value is known.
// So pointers to locals that macros pass on are known, too.
func (l *lowerer) bind(v *variable, first value) {
	b := l.frame.vars[v]
	if first.sizeof != nil && v.assigned == 0 && b == nil {
		first = l.code.kept(first, v.t) // it says what is allocated with it
	}
	if first.e != nil && v.assigned == 0 && (first.isConst() || first.e.Op == ir.Load) && b == nil {
		if first.e.Op == ir.Load {
			first.e = l.code.kept(first, v.t).e // the register may be given another value
		}
		l.frame.vars[v] = &binding{reg: ir.NoReg, val: first}
		return
	}
	if b == nil || b.reg == ir.NoReg {
		name := v.name
		if l.frame.up != nil {
			name = l.frame.fn.name + ":" + name
		}
		b = &binding{reg: l.code.register(name)}
		l.frame.vars[v] = b
	}
	if first.e == nil {
		l.locals.startsUnset(v, b)
		return
	}
	l.code.set(b.reg, first)
}

func (l *lowerer) ifStmt(s *stmt) {
	cond := truth(l.rvalue(s.x))
	if cond.isConst() && !hasLabels(s.body) && !hasLabels(s.alt) {
		if cond.e.K != 0 {
			l.stmts(s.body)
		} else {
			l.stmts(s.alt)
		}
		return
	}
	other, over := newLabel(), newLabel()
	l.code.branchUnless(cond, other)
	l.stmts(s.body)
	if len(s.alt) > 0 {
		l.code.jump(over)
		l.code.land(other)
		l.stmts(s.alt)
		l.code.land(over)
		return
	}
	l.code.land(other)
}

// hasLabels reports whether a jump may lead into the middle of a list.
func hasLabels(list []*stmt) bool {
	for _, s := range list {
		if s.kind == labelStmt || hasLabels(s.body) || hasLabels(s.alt) {
			return true
		}
	}
	return false
}

// loop is a loop of any kind. The jump back is at its end, so that a round is
// the code from its start to that jump.
func (l *lowerer) loop(s *stmt) {
	f := l.frame
	outer := *f
	f.brk, f.cont = newLabel(), newLabel()
	f.brkScope, f.contScope = len(f.scope), len(f.scope)
	defer func() {
		f.brk, f.cont, f.brkScope, f.contScope = outer.brk, outer.cont, outer.brkScope, outer.contScope
	}()
	if s.post && s.x.kind == constExpr && s.x.k == 0 { // do ... while (0), as in macros
		l.stmts(s.body)
		l.code.land(f.cont)
		l.code.land(f.brk)
		return
	}
	l.loops++
	top := newLabel()
	l.code.land(top)
	if !s.post && s.x != nil {
		l.code.branchUnless(truth(l.rvalue(s.x)), f.brk)
	}
	l.stmts(s.body)
	l.code.land(f.cont)
	if s.y != nil {
		l.effect(s.y)
	}
	if s.post {
		back := l.code.here(s.x.at)
		l.code.branchUnless(truth(l.rvalue(s.x)), f.brk)
		back()
	}
	l.code.jump(top)
	l.loops--
	l.code.land(f.brk)
}

func (l *lowerer) switchStmt(s *stmt) {
	f := l.frame
	brk, scope := f.brk, f.brkScope
	f.brk, f.brkScope = newLabel(), len(f.scope)
	x := l.code.kept(l.rvalue(s.x), longT)
	otherwise := f.brk
	for _, k := range s.cases {
		if n := len(f.fn.scopes[k.label]); n > len(f.scope) {
			fail(k.at, "the switch jumps into the scope of %s, which has a cleanup, past its declaration", f.fn.scopes[k.label][n-1].name)
		}
		if k.isDefault {
			otherwise = l.frame.label(k.label)
			continue
		}
		if k.from == k.to {
			l.code.branchIf(operation(ir.Eq, x, known(k.from), longT), l.frame.label(k.label))
			continue
		}
		in := expression(ir.LAnd, expression(ir.Ge, x.e, known(k.from).e), expression(ir.Le, x.e, known(k.to).e))
		l.code.branchIf(value{e: in, lo: 0, hi: 1}, l.frame.label(k.label))
	}
	l.code.jump(otherwise)
	l.stmts(s.body)
	l.code.land(f.brk)
	f.brk, f.brkScope = brk, scope
}

func (l *lowerer) returns(s *stmt) {
	f := l.frame
	if s.x != nil && f.fn.result.kind == recordType {
		l.mem.copy(f.result, l.place(s.x))
	} else if s.x != nil {
		v := l.rvalue(s.x)
		switch {
		case f.fn.result.kind == voidType:
		case f.fn.last && len(f.scope) == 0 && l.returnsAsIs(v):
			f.result = place{reg: ir.NoReg, val: v, t: f.fn.result}
			return
		default:
			if f.result.reg == ir.NoReg {
				f.result.reg = l.code.temp()
			}
			l.code.set(f.result.reg, v)
		}
	}
	l.cleanUp(0)
	if !f.fn.last {
		l.code.jump(f.ret)
	}
}

// returnsAsIs reports whether a returned value needs no register of its own.
func (l *lowerer) returnsAsIs(v value) bool { return v.isConst() || v.e.Op == ir.Load }
