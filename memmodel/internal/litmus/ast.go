package litmus

import "crosscall/memmodel/internal/ir"

// An AST is a litmus test as it is written.
type AST struct {
	Name   string
	Result string // the author's expectation, from a "Result:" comment: "Never", "Sometimes", "Always", "DEADLOCK" ...; "" if there is none

	file      string
	src       string
	init      []initial
	procs     []proc
	locations []location
	filter    *prop // nil if there is none
	quant     Quantifier
	cond      *prop

	calls []string // the names of what is called, each once
	arith bool     // an operator computes something that may be an address
	edits []edit   // what CompileReplaced makes of the words, by place
}

// Quantifier says of which final states a condition speaks.
type Quantifier uint8

const (
	Exists    Quantifier = iota // some final state satisfies the condition
	NotExists                   // none does
	ForAll                      // all do
)

// An initial is one item of the initial state.
type initial struct {
	at   place
	loc  location
	size int // number of elements of an array; 0 for what is none
	lock bool
	// unsigned is set if the type that is written is none of those that herd7
	// prints with a sign, for example atomic_t.
	unsigned bool
	values   []operand // none: zero
}

// A location is something that a final state has a value for: a register, a
// shared variable, or an element of an array.
type location struct {
	at     place
	thread int // sharedVar for a variable
	name   string
	index  int // whole for a variable, or an array in all
}

const (
	sharedVar = -1
	whole     = -1
)

// An operand is the right-hand side of an atom, or an initial value.
type operand struct {
	kind operandKind
	num  int64
	loc  location
	list []operand
}

type operandKind uint8

const (
	numOperand  operandKind = iota
	addrOperand             // the address of loc
	locOperand              // what is in loc
	listOperand             // what an array has in its elements
)

// A prop is a proposition over final states. All of nothing is true, any of
// nothing is false.
type prop struct {
	op    propOp
	kids  []*prop
	left  location  // atom
	cmp   ir.PropOp // atom
	right operand   // atom
}

type propOp uint8

const (
	atomProp propOp = iota
	notProp
	allProp
	anyProp
	impliesProp
)

// A proc is the code of one thread.
type proc struct {
	at       place
	params   []param
	body     []stmt
	assigned []string // the registers that the body assigns to, each once
	named    []string // all that it names
}

type param struct {
	at      place
	name    string
	pointer bool
	lock    bool
}

type stmtKind uint8

const (
	evalStmt   stmtKind = iota // val, for its effects
	assignStmt                 // the register name = val
	storeStmt                  // *lhs = val, a plain access
	ifStmt                     // if (val) body else alt
	whileStmt                  // while (val) body
	doStmt                     // do body while (val)
)

type stmt struct {
	kind      stmtKind
	at        place
	from, to  int // extent in the source; of if and while, without what they govern
	name      string
	lhs, val  *expr
	body, alt []stmt
}

type exprKind uint8

const (
	numExpr    exprKind = iota
	nameExpr            // a register
	formalExpr          // parameter number k of the macro whose body this is
	unaryExpr           // op x
	binaryExpr          // x op y
	condExpr            // x ? y : z
	derefExpr           // *x: a plain access, or what a primitive accesses
	addrExpr            // &x
	callExpr            // name(args)
	primExpr            // a primitive of the table's language
	knownExpr           // known: evaluated already, by another front end
)

type expr struct {
	kind     exprKind
	op       ir.ExprOp
	at       place
	from, to int
	name     string
	k        int64
	x, y, z  *expr
	args     []*expr
	prim     *primitive
	known    *ir.Expr
}
