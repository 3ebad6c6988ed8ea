package litmus

import (
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A lowerer turns the statements of one thread into instructions.
type lowerer struct {
	*compiler
	thread int
	pr     *proc
	regs   *threadRegs
	code   []ir.Instr
	temps  int

	// The words in the test that the instructions are made for, and their place.
	text string
	at   place

	// lent is set if another front end makes the thread, see Macros.Lower.
	lent bool
	// wrap cuts what an atomic operation computes to the width of what it is on;
	// nil leaves 64 bits.
	wrap func(*ir.Expr) *ir.Expr

	depth int
	steps int
}

// A frame binds the formals of a macro to arguments, which mean what they mean
// where the call is, in the frame up. Arguments are put in unevaluated, as C's
// preprocessor does it.
type frame struct {
	macro *macro
	args  []*expr
	up    *frame
	depth int
}

const (
	maxMacroDepth = 32      // of macros within macros
	maxLowerDepth = 2000    // of expressions within expressions
	maxSteps      = 1 << 16 // expressions of one thread, with all macros replaced
)

func (c *compiler) thread(i int) {
	pr := &c.procs[i]
	l := &lowerer{compiler: c, thread: i, pr: pr, regs: &c.regs[i], code: make([]ir.Instr, 0, len(pr.body)+2)}
	l.stmts(pr.body, nil)
	c.prog.Threads[i] = ir.Thread{Name: "P" + itoa(i), Instr: l.code}
}

func (l *lowerer) emit(in ir.Instr) {
	in.Text, in.Pos = l.text, l.at.in(l.file)
	l.code = append(l.code, in)
}

// words sets what the instructions to come are made for.
func (l *lowerer) words(at place, from, to int) {
	l.at, l.text = at, tidy(l.wordsOf(from, to))
}

// tidy puts one blank where a text has several, or a line break.
func tidy(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == ' ' && i+1 < len(s) && s[i+1] == ' ' {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// fail reports what is wrong with a place in the test or, in a macro, in what
// the test calls it with.
func (l *lowerer) fail(at place, f *frame, format string, args ...any) {
	if f == nil {
		fail(l.file, at, format, args...)
	}
	for f.up != nil {
		f = f.up
	}
	fail(l.file, l.at, "in "+f.macro.name+", which "+l.macros.file+" defines: "+format, args...)
}

// step counts the work that macros can multiply without bound.
func (l *lowerer) step(at place, f *frame) {
	if l.steps++; l.steps > maxSteps {
		l.fail(at, f, "the thread is too large when all primitives are replaced by what they stand for")
	}
}

func (l *lowerer) stmts(list []stmt, f *frame) {
	for i := range list {
		l.stmt(&list[i], f)
	}
}

func (l *lowerer) stmt(s *stmt, f *frame) {
	if f == nil {
		l.words(s.at, s.from, s.to)
	}
	l.step(s.at, f)
	switch s.kind {
	case evalStmt:
		l.eval(s.val, f)
	case assignStmt:
		l.assign(s)
	case storeStmt:
		l.plainStore(s.lhs, s.val, f)
	case ifStmt:
		l.ifStmt(s, f)
	case whileStmt:
		l.whileStmt(s, f)
	case doStmt:
		l.doStmt(s, f)
	}
}

// eval performs an expression whose value nobody wants, which alone can be
// statements.
func (l *lowerer) eval(e *expr, f *frame) {
	l.step(e.at, f)
	switch {
	case e.kind == callExpr:
		m, inner := l.call(e, f)
		if m.value != nil {
			l.eval(m.value, inner)
		} else {
			l.stmts(m.body, inner)
		}
	case e.kind == primExpr && !e.prim.hasValue():
		l.effect(e, f)
	default:
		l.value(e, f, ir.NoReg)
	}
}

func (l *lowerer) assign(s *stmt) {
	dst := l.regs.reg(s.name)
	v := l.value(s.val, nil, dst)
	if v.Op == ir.Load && v.R == dst {
		return
	}
	l.emit(ir.Instr{Op: ir.Assign, Dst: dst, Val: v})
}

func (l *lowerer) plainStore(address, val *expr, f *frame) {
	if m := l.macros.table["__plain_store"]; m != nil {
		l.usable(m, address.at, f)
		target := &expr{kind: derefExpr, at: address.at, x: address}
		l.stmts(m.body, l.enter(m, address.at, []*expr{target, val}, f))
		return
	}
	l.checkElement(address, f)
	addr, v := l.both(evaluation{e: address}, evaluation{e: val}, f)
	l.access(graph.Write, nil, ir.NoReg, addr, v, false)
}

// branchUnless emits a branch that is taken if cond is zero. Its target is
// still open.
func (l *lowerer) branchUnless(cond *ir.Expr) (branch int) {
	l.emit(ir.Instr{Op: ir.Branch, Val: l.negate(cond)})
	return len(l.code) - 1
}

// land makes a branch, a jump or a fork go to the next instruction.
func (l *lowerer) land(from int) { l.code[from].Target = len(l.code) }

// join makes the next instruction the end of a branch's control dependencies.
func (l *lowerer) join(branch int) { l.code[branch].Join = len(l.code) }

func (l *lowerer) jump(target int) (at int) {
	l.emit(ir.Instr{Op: ir.Jump, Target: target})
	return len(l.code) - 1
}

// ifStmt makes a branch whose control dependencies are on the arms alone, as
// herd has it for C: compilers may move what comes after.
func (l *lowerer) ifStmt(s *stmt, f *frame) {
	branch := l.branchUnless(l.value(s.val, f, ir.NoReg))
	l.stmts(s.body, f)
	if len(s.alt) > 0 {
		l.again(s, f)
		over := l.jump(0)
		l.land(branch)
		l.stmts(s.alt, f)
		l.land(over)
	} else {
		l.land(branch)
	}
	l.join(branch)
}

// again goes back to the words of a statement after those of its parts.
func (l *lowerer) again(s *stmt, f *frame) {
	if f == nil {
		l.words(s.at, s.from, s.to)
	}
}

// whileStmt puts the condition after the body, so that it is the decision to
// go on that jumps back and counts as an iteration.
func (l *lowerer) whileStmt(s *stmt, f *frame) {
	first := l.jump(0)
	top := len(l.code)
	l.stmts(s.body, f)
	l.land(first)
	l.loop(s, f, top)
}

func (l *lowerer) doStmt(s *stmt, f *frame) {
	top := len(l.code)
	l.stmts(s.body, f)
	l.loop(s, f, top)
}

func (l *lowerer) loop(s *stmt, f *frame, top int) {
	l.again(s, f)
	branch := l.branchUnless(l.value(s.val, f, ir.NoReg))
	l.jump(top)
	l.land(branch)
	l.join(branch)
}

// call finds what a call stands for, and binds its arguments.
func (l *lowerer) call(e *expr, f *frame) (*macro, *frame) {
	m := l.macros.find(e.name)
	if m == nil {
		if f == nil {
			l.fail(e.at, f, "unknown function %s: not in %s", e.name, l.macros.file)
		}
		l.fail(e.at, f, "unknown function %s", e.name)
	}
	if f == nil {
		l.words(e.at, e.from, e.to)
	}
	l.usable(m, e.at, f)
	if len(e.args) != m.params {
		l.fail(e.at, f, "%s takes %d arguments, not %d", e.name, m.params, len(e.args))
	}
	return m, l.enter(m, e.at, e.args, f)
}

func (l *lowerer) usable(m *macro, at place, f *frame) {
	if m.reason != "" {
		l.fail(at, f, "%s cannot be used with %s: %s", m.name, l.macros.file, m.reason)
	}
}

func (l *lowerer) enter(m *macro, at place, args []*expr, f *frame) *frame {
	inner := &frame{macro: m, args: args, up: f}
	if f != nil {
		inner.depth = f.depth + 1
	}
	if inner.depth > maxMacroDepth {
		l.fail(at, f, "%s stands for something that holds itself", m.name)
	}
	return inner
}

// assigned reports whether the thread assigns to a register.
func (l *lowerer) assigned(name string) bool { return slices.Contains(l.pr.assigned, name) }
