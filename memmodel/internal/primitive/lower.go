package primitive

import (
	"slices"
	"strings"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A lowerer turns the statements of one thread into instructions.
type Lowerer struct {
	File    string
	Macros  *Macros
	Prog    *ir.Program
	Arrays  []Extent                  // the variables of the test
	WordsOf func(from, to int) string // of the test
	spare   []ir.Expr                 // expressions yet to be used, allocated together
	Thread  int
	Pr      *Code
	Regs    *ThreadRegs
	Code    []ir.Instr
	temps   int

	// The words in the test that the instructions are made for, and their place.
	text string
	at   Place

	// lent is set if another front end makes the thread; see Macros.Lower.
	lent bool
	// wrap cuts the result of an atomic operation to the width of its memory;
	// nil leaves 64 bits.
	wrap func(*ir.Expr) *ir.Expr

	// breaks are the jumps out of the innermost loop. open are the branches in the loop
	// that decide whether they are taken.
	breaks, open []int

	labels map[string]int // instructions, by name
	gotos  []pendingGoto

	// condVal is the value of VAL in the condition of smp_cond_load_acquire.
	condVal *ir.Expr

	depth int
	steps int
}

// An extent is a variable: one cell, or several if it is an array.
type Extent struct {
	Name string
	Cell int
	Size int // elements; 1 if it is no array
}

// A frame binds the formals of a macro to arguments, which are evaluated in the
// frame of the call, up. Arguments are substituted unevaluated, as by C's
// preprocessor.
type frame struct {
	macro *macro
	args  []*Expr
	up    *frame
	depth int
	// fetches: the value of an add-unless is what was there, not whether it added.
	fetches bool
}

const (
	maxMacroDepth = 32      // of macros within macros
	maxLowerDepth = 2000    // of expressions within expressions
	maxSteps      = 1 << 16 // expressions of one thread, with all macros replaced
)

func (l *Lowerer) emit(in ir.Instr) {
	in.Text, in.Pos = l.text, l.at.In(l.File)
	l.Code = append(l.Code, in)
}

// words sets the place and the source text of the next instructions.
func (l *Lowerer) words(at Place, from, to int) {
	l.at, l.text = at, Tidy(l.WordsOf(from, to))
}

// Tidy replaces each run of blanks and line breaks by one blank.
func Tidy(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] == ' ' && i+1 < len(s) && s[i+1] == ' ' {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// fail reports an error at a place in the test or, within a macro, at the call
// in the test.
func (l *Lowerer) fail(at Place, f *frame, format string, args ...any) {
	if f == nil {
		Fail(l.File, at, format, args...)
	}
	for f.up != nil {
		f = f.up
	}
	Fail(l.File, l.at, "in "+f.macro.name+", which "+l.Macros.File+" defines: "+format, args...)
}

// step counts expressions, because macros can multiply them without bound.
func (l *Lowerer) step(at Place, f *frame) {
	if l.steps++; l.steps > maxSteps {
		l.fail(at, f, "the thread is too large after all primitives are expanded")
	}
}

func (l *Lowerer) Stmts(list []Stmt, f *frame) {
	for i := range list {
		l.stmt(&list[i], f)
	}
}

func (l *Lowerer) stmt(s *Stmt, f *frame) {
	if f == nil {
		l.words(s.at, s.from, s.to)
	}
	l.step(s.at, f)
	switch s.Kind {
	case EvalStmt:
		l.eval(s.Val, f)
	case AssignStmt:
		l.assign(s)
	case StoreStmt:
		l.plainStore(s.Lhs, s.Val, f)
	case IfStmt:
		l.ifStmt(s, f)
	case WhileStmt:
		l.whileStmt(s, f)
	case DoStmt:
		l.doStmt(s, f)
	case BreakStmt:
		l.breaks = append(l.breaks, l.jump(0))
	case GotoStmt:
		l.gotos = append(l.gotos, pendingGoto{l.jump(0), s.at, s.Name})
	case LabelStmt:
		l.label(s)
	}
}

// eval performs an expression whose value is not used. Only such an expression
// can be a macro of statements.
func (l *Lowerer) eval(e *Expr, f *frame) {
	l.step(e.At, f)
	switch {
	case e.Kind == CallExpr:
		m, inner := l.call(e, f)
		if m.Value != nil {
			l.eval(m.Value, inner)
		} else {
			l.Stmts(m.body, inner)
		}
	case e.Kind == primExpr && !e.prim.hasValue():
		l.effect(e, f)
	default:
		l.value(e, f, ir.NoReg)
	}
}

func (l *Lowerer) assign(s *Stmt) {
	dst := l.Regs.Reg(s.Name)
	v := l.value(s.Val, nil, dst)
	if v.Op == ir.Load && v.R == dst {
		return
	}
	l.emit(ir.Instr{Op: ir.Assign, Dst: dst, Val: v})
}

func (l *Lowerer) plainStore(address, val *Expr, f *frame) {
	if m := l.Macros.table["__plain_store"]; m != nil {
		l.usable(m, address.At, f)
		target := &Expr{Kind: DerefExpr, At: address.At, X: address}
		l.Stmts(m.body, l.enter(m, address.At, []*Expr{target, val}, f))
		return
	}
	l.checkElement(address, f)
	addr, v := l.both(evaluation{e: address}, evaluation{e: val}, f)
	l.access(graph.Write, nil, ir.NoReg, addr, v, false)
}

// branchUnless emits a branch that is taken if cond is zero. Its target is
// still open.
func (l *Lowerer) branchUnless(cond *ir.Expr) (branch int) {
	l.emit(ir.Instr{Op: ir.Branch, Val: l.negate(cond)})
	return len(l.Code) - 1
}

// land makes a branch, a jump or a fork go to the next instruction.
func (l *Lowerer) land(from int) { l.Code[from].Target = len(l.Code) }

// join makes the next instruction the end of a branch's control dependencies.
func (l *Lowerer) join(branch int) { l.Code[branch].Join = len(l.Code) }

func (l *Lowerer) jump(target int) (at int) {
	l.emit(ir.Instr{Op: ir.Jump, Target: target})
	return len(l.Code) - 1
}

// ifStmt makes a branch on which only its arms have control dependencies, as in
// herd for C: compilers may move the code after it.
func (l *Lowerer) ifStmt(s *Stmt, f *frame) {
	branch := l.branchUnless(l.value(s.Val, f, ir.NoReg))
	breaks := len(l.breaks)
	l.Stmts(s.Body, f)
	if len(s.Alt) > 0 {
		l.again(s, f)
		over := l.jump(0)
		l.land(branch)
		l.Stmts(s.Alt, f)
		l.land(over)
	} else {
		l.land(branch)
	}
	if len(l.breaks) > breaks {
		l.open = append(l.open, branch) // both ways meet behind the loop
		return
	}
	l.join(branch)
}

// again restores the source text of a statement after its parts have been lowered.
func (l *Lowerer) again(s *Stmt, f *frame) {
	if f == nil {
		l.words(s.at, s.from, s.to)
	}
}

// whileStmt puts the condition after the body: the jump back, which counts as
// an iteration, is then taken only if the loop goes on.
func (l *Lowerer) whileStmt(s *Stmt, f *frame) {
	defer l.leavesBy(l.breaks, l.open)
	l.breaks, l.open = nil, nil
	first := l.jump(0)
	top := len(l.Code)
	l.Stmts(s.Body, f)
	l.land(first)
	l.loop(s, f, top)
}

func (l *Lowerer) doStmt(s *Stmt, f *frame) {
	defer l.leavesBy(l.breaks, l.open)
	l.breaks, l.open = nil, nil
	top := len(l.Code)
	l.Stmts(s.Body, f)
	l.loop(s, f, top)
}

// leavesBy ends a loop: its breaks jump to here, and the branches that decide about
// them join here. It then restores the breaks and branches of the loop around, which it
// is given.
func (l *Lowerer) leavesBy(breaks, open []int) {
	for _, at := range l.breaks {
		l.land(at)
	}
	for _, at := range l.open {
		l.join(at)
	}
	l.breaks, l.open = breaks, open
}

func (l *Lowerer) loop(s *Stmt, f *frame, top int) {
	l.again(s, f)
	branch := l.branchUnless(l.value(s.Val, f, ir.NoReg))
	l.jump(top)
	l.land(branch)
	l.join(branch)
}

// call finds the macro of a call, and binds its arguments.
func (l *Lowerer) call(e *Expr, f *frame) (*macro, *frame) {
	m, args := l.Macros.Find(e.Name), e.Args
	fetches := false
	if m == nil {
		m = l.Macros.fetchUnless(e.Name)
		fetches = m != nil
	}
	if k, ok := renamedC11[e.Name]; m == nil && ok && len(args) >= k.params {
		m, args = l.Macros.Find(k.name), args[:k.params]
	}
	if m == nil {
		if f == nil {
			l.fail(e.At, f, "unknown function %s: not in %s", e.Name, l.Macros.File)
		}
		l.fail(e.At, f, "unknown function %s", e.Name)
	}
	args = l.once(m, args, f)
	if f == nil {
		l.words(e.At, e.From, e.To)
	}
	l.usable(m, e.At, f)
	if len(args) != m.params {
		l.fail(e.At, f, "%s takes %d arguments, not %d", e.Name, m.params, len(e.Args))
	}
	inner := l.enter(m, e.At, args, f)
	inner.fetches = fetches
	return m, inner
}

func (l *Lowerer) usable(m *macro, at Place, f *frame) {
	if m.reason != "" {
		l.fail(at, f, "%s cannot be used with %s: %s", m.name, l.Macros.File, m.reason)
	}
}

func (l *Lowerer) enter(m *macro, at Place, args []*Expr, f *frame) *frame {
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
func (l *Lowerer) assigned(name string) bool { return slices.Contains(l.Pr.assigned, name) }

// ThreadRegs are the registers that a thread needs, and the initial values of
// registers.
type ThreadRegs struct {
	Names  []string
	Values []int64
	Start  []StartValue
}

// A StartValue is the initial value of a register, if it is not 0.
type StartValue struct {
	Name  string
	Value int64
}

func (r *ThreadRegs) initial(name string) int64 {
	for i := range r.Start {
		if r.Start[i].Name == name {
			return r.Start[i].Value
		}
	}
	return 0
}

// Reg is the register of that name. It is added if it is not there yet.
func (r *ThreadRegs) Reg(name string) ir.Reg {
	for i := range r.Names {
		if r.Names[i] == name {
			return ir.Reg(i)
		}
	}
	r.Names = append(r.Names, name)
	r.Values = append(r.Values, r.initial(name))
	return ir.Reg(len(r.Names) - 1)
}
