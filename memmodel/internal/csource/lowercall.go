package csource

import (
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// call puts the body of a function in the place of a call, and returns where its
// result is.
func (l *lowerer) call(e *expr) place {
	defer l.code.here(e.at)()
	if e.fn != nil {
		return l.inline(e.fn, l.arguments(e), e)
	}
	x := l.rvalue(e.x)
	args := l.arguments(e)
	if fn := l.unit.functionAt(x); fn != nil {
		if !sameSignature(fn.sig, e.name) {
			fail(e.at, "%s is called through a pointer to a function of another type", fn.name)
		}
		return l.inline(fn, args, e)
	}
	return l.dispatch(l.code.kept(x, pointerT), args, e)
}

// An argument is a scalar value or, for structs, a place.
type argument struct {
	val value
	at  place
}

func (l *lowerer) arguments(e *expr) []argument {
	args := make([]argument, len(e.args))
	for i, a := range e.args {
		if a.t.kind == recordType {
			args[i].at = l.place(a)
			continue
		}
		args[i].val = l.rvalue(a)
		if !args[i].val.isConst() && i+1 < len(e.args) {
			args[i].val = l.code.kept(args[i].val, a.t) // later arguments may change the variables in it
		}
	}
	return args
}

// dispatch calls the function that a pointer points to. It branches over the
// functions whose address is taken and whose type fits. A pointer to none of
// them is accessed as data, which is an error.
func (l *lowerer) dispatch(x value, args []argument, e *expr) place {
	result := place{reg: ir.NoReg, t: e.t}
	switch {
	case e.t.kind == recordType:
		result.addr = known(l.locals.inMemory("result", e.t))
	case e.t.kind != voidType:
		result.reg = l.code.temp()
	}
	over := newLabel()
	var entries []*label
	var fits []*function
	for _, fn := range l.unit.taken {
		if !sameSignature(fn.sig, e.name) {
			continue
		}
		entry := newLabel()
		l.code.branchIf(operation(ir.Eq, x, known(l.unit.funcAddr(fn)), longT), entry)
		entries, fits = append(entries, entry), append(fits, fn)
	}
	l.code.emit(ir.Instr{Op: ir.Do, Kind: graph.Read, Dst: l.code.temp(), Addr: x.e})
	l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e})
	l.code.jump(over)
	for i, fn := range fits {
		l.code.land(entries[i])
		if fn.unreadable != nil {
			l.code.emit(ir.Instr{Op: ir.Assert, Val: known(0).e})
			l.code.jump(over)
			continue
		}
		r := l.inline(fn, args, e)
		switch {
		case e.t.kind == recordType:
			l.mem.copy(result, r)
		case e.t.kind != voidType:
			l.code.set(result.reg, l.mem.load(r))
		}
		l.code.jump(over)
	}
	l.code.land(over)
	return result
}

// maxCalls bounds the calls of one thread. If each function calls the next
// twice, their number is exponential.
const maxCalls = 1 << 13

// maxRecursion is how many calls of a function can be active when it calls itself. If
// constants decide the depth, no deeper code is made.
const maxRecursion = 8

// cutOff is a call that is nested deeper: executions that reach it are cut off.
func (l *lowerer) cutOff(fn *function) place {
	l.code.emit(ir.Instr{Op: ir.Alloc, Dst: l.code.temp(), Says: "calls of a function by itself are nested deeper here than is followed"})
	p := place{reg: ir.NoReg, t: fn.result}
	if fn.result.kind == recordType {
		p.addr = known(l.locals.inMemory(fn.name, fn.result))
	} else {
		p.val = known(0)
	}
	return p
}

// inline makes the code of a function's body for one call.
func (l *lowerer) inline(fn *function, args []argument, e *expr) place {
	if l.calls++; l.calls > maxCalls {
		fail(e.at, "the thread makes more than %d calls, all put in line", maxCalls)
	}
	depth, same := l.frame.depth(fn)
	if depth > maxDepth {
		fail(e.at, "calls are nested too deep")
	}
	if same > maxRecursion {
		return l.cutOff(fn)
	}
	f := &frame{fn: fn, up: l.frame, vars: make(map[*variable]*binding), labels: make(map[any]*label), ret: newLabel()}
	f.result = place{reg: ir.NoReg, t: fn.result}
	if fn.result.kind == recordType {
		f.result.addr = known(l.locals.inMemory(fn.name, fn.result))
	}
	l.keepUnnamed(f, args, e)
	back := l.enter(f)
	for i, v := range fn.params {
		l.parameter(v, args[i])
	}
	atomic := strings.HasPrefix(fn.name, atomicPrefix)
	if atomic {
		l.verifier(&expr{name: atomicPrefix + "begin"})
	}
	l.stmts(fn.body)
	l.code.land(f.ret)
	if atomic {
		l.verifier(&expr{name: atomicPrefix + "end"})
	}
	l.endLocals(f)
	back()
	if fn.result.scalar() && f.result.reg == ir.NoReg && f.result.val.e == nil {
		f.result.val = known(0) // it ends without a return: the result has no defined value
	}
	return f.result
}

func (l *lowerer) enter(f *frame) (back func()) {
	up, at, text := l.frame, l.code.at, l.code.text
	l.frame = f
	return func() { l.frame, l.code.at, l.code.text = up, at, text }
}

func (l *lowerer) parameter(v *variable, a argument) {
	if !v.addressed {
		l.bind(v, a.val)
		return
	}
	b := &binding{reg: ir.NoReg, addr: l.locals.inMemory(v.name, v.t)}
	l.frame.vars[v] = b
	to := place{reg: ir.NoReg, addr: known(b.addr), t: v.t}
	if v.t.kind == recordType {
		l.mem.copy(to, a.at)
		return
	}
	l.mem.plainStore(to, a.val)
}
