package csource

import (
	"slices"

	"crosscall/memmodel/internal/ir"
)

// mainNumber is the number of main as a thread, beyond the numbers of the others.
const mainNumber = maxThreads + maxNested

// self is the number of the thread. Main's number is the same whether it is a thread
// or not.
func (l *lowerer) self() value {
	if l.creates {
		return known(mainNumber)
	}
	return known(int64(l.index))
}

// exits ends the thread with a result.
func (l *lowerer) exits(v value) {
	isMain := l.creates || l.index == mainNumber
	if isMain && (!v.isConst() || v.e.K != 0) && l.unit.uses("self") && l.unit.uses("result") {
		fail(l.code.at, "a thread that joins main cannot read the value that main gives to pthread_exit: that is not supported, use a variable")
	}
	if l.threadResult != ir.NoReg {
		l.code.set(l.threadResult, v)
	}
	l.code.jump(l.end)
}

// exitsAll ends the process: it is no error then that other threads wait forever, and none
// can join this one.
func (l *lowerer) exitsAll() {
	l.runsAtEnd(processEnds)
	l.code.emit(ir.Instr{Op: ir.Exit})
	l.code.jump(l.exit)
}

// resultOf is the result of the thread with a number, after it is joined. Results are
// in hidden cells, which threads write only if something reads them.
func (l *lowerer) resultOf(e *expr) value {
	n := l.rvalue(e.args[0])
	addr := operation(ir.Add, known(l.unit.results()), n, ulongT)
	return l.mem.load(place{reg: ir.NoReg, addr: addr, t: pointerT})
}

func (c *compiler) results() int64 {
	if c.resultCells == 0 {
		c.resultCells = c.space.hidden("result", mainNumber+1)
	}
	return c.resultCells
}

// keepsResult makes a register for the result of a thread, if something reads results.
func (l *lowerer) keepsResult() {
	if l.unit.resultCells != 0 {
		l.threadResult = l.code.temp()
	}
}

// returned ends the thread with number k, whose function fn has returned p.
func (l *lowerer) returned(k int, fn string, p place) {
	if l.threadResult != ir.NoReg && p.t.scalar() {
		l.code.set(l.threadResult, l.mem.load(p))
	}
	l.code.land(l.end)
	l.runsAtEnd(threadEnds)
	if l.threadResult != ir.NoReg {
		l.mem.plainStore(place{reg: ir.NoReg, addr: known(l.unit.resultCells + int64(k)), t: pointerT}, loaded(l.threadResult, pointerT))
	}
	l.endThreadLocals(fn)
}

// uses reports whether the program has a mark in code that can be reached, or in a first
// value of a static variable.
func (c *compiler) uses(word string) bool {
	return slices.ContainsFunc(c.src.all, func(f *function) bool { return marks(f.body, word) }) ||
		slices.ContainsFunc(c.src.statics, func(v *variable) bool { return initsMark(v.inits, word) })
}

func initsMark(inits []initial, word string) (found bool) {
	for _, in := range inits {
		walk(in.x, func(e *expr) { found = found || isMark(e, word) })
	}
	return found
}

func isMark(e *expr, word string) bool {
	return e.kind == builtinExpr && e.name == "__cc_mark" && e.args[0].name == word
}

func marks(list []*stmt, word string) (found bool) {
	never := make(map[*expr]bool)
	walkStmts(list, func(e *expr) {
		if e.kind == condExpr {
			if k, ok := constantOf(e.x); ok && k == 0 && e.y != nil {
				walk(e.y, func(x *expr) { never[x] = true })
			}
		}
		found = found || !never[e] && isMark(e, word)
	})
	return found
}

func truthOf(is bool) value {
	if is {
		return known(1)
	}
	return known(0)
}

// constantOf is the value of a constant expression.
func constantOf(e *expr) (k int64, ok bool) {
	switch e.kind {
	case constExpr:
		return e.k, true
	case castExpr:
		return constantOf(e.x)
	case binaryExpr:
		a, ok1 := constantOf(e.x)
		b, ok2 := constantOf(e.y)
		if ok1 && ok2 {
			return fold(e.op, a, b)
		}
	}
	return 0, false
}
