package primitive

import "crosscall/memmodel/internal/ir"

// Code is the statements of a thread.
type Code struct {
	Body     []Stmt
	assigned []string // the registers that it assigns to, each once
	Named    []string // all names in it
}

type stmtKind uint8

const (
	EvalStmt   stmtKind = iota // val, for its effects
	AssignStmt                 // the register name = val
	StoreStmt                  // *lhs = val, a plain access
	IfStmt                     // if (val) body else alt
	WhileStmt                  // while (val) body
	DoStmt                     // do body while (val)
	BreakStmt                  // out of the innermost loop
	GotoStmt                   // to the label name
	LabelStmt                  // the label name
)

type Stmt struct {
	Kind      stmtKind
	at        Place
	from, to  int // extent in the source; of if and while, without what they govern
	Name      string
	Lhs, Val  *Expr
	Body, Alt []Stmt
}

type exprKind uint8

const (
	NumExpr      exprKind = iota
	NameExpr              // a register
	formalExpr            // parameter number k of the macro whose body this is
	UnaryExpr             // op x
	BinaryExpr            // x op y
	CondExpr              // x ? y : z
	DerefExpr             // *x: a plain access, or what a primitive accesses
	AddrExpr              // &x
	CallExpr              // name(args)
	primExpr              // a primitive of the table's language
	knownExpr             // known: evaluated already, by another front end
	orderExpr             // name: a memory order of C11, as an argument
	casExpr               // a compare-and-exchange of C11, or one that tries: name(args), weak or not
	RefExpr               // &name of a register: the expected value of a casExpr
	condLoadExpr          // smp_cond_load_acquire(args) or the relaxed one: name
	StepExpr              // name++ or its kin: op is Add or Sub; k is 1 if the value is that of before
)

type Expr struct {
	Kind     exprKind
	Op       ir.ExprOp
	At       Place
	From, To int
	Name     string
	K        int64
	X, Y, Z  *Expr
	Args     []*Expr
	prim     *primitive
	weak     bool // casExpr
	known    *ir.Expr
}

// WalkStmts calls do for every expression in the statements.
func WalkStmts(list []Stmt, do func(*Expr)) {
	for i := range list {
		s := &list[i]
		walk(s.Lhs, do)
		walk(s.Val, do)
		WalkStmts(s.Body, do)
		WalkStmts(s.Alt, do)
	}
}

func walk(e *Expr, do func(*Expr)) {
	if e == nil {
		return
	}
	do(e)
	walk(e.X, do)
	walk(e.Y, do)
	walk(e.Z, do)
	for _, arg := range e.Args {
		walk(arg, do)
	}
}
