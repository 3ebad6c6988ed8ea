package csource

import (
	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// The tree is C after type checking, with few kinds of nodes: conversions are
// explicit, pointer arithmetic is in bytes.

type exprKind uint8

const (
	constExpr   exprKind = iota // k
	stringExpr                  // a string literal, which only ignored functions take
	varExpr                     // v, a place
	derefExpr                   // the place that the pointer x is the address of
	memberExpr                  // the place k bytes into the place x
	addrExpr                    // the address of the place x
	funcExpr                    // the address of fn
	unaryExpr                   // op x: Not, Inv, Neg
	binaryExpr                  // x op y
	andExpr                     // x && y
	orExpr                      // x || y
	condExpr                    // x ? y : z
	assignExpr                  // x = y
	updateExpr                  // x = (type of arith) x op y; post: its value is that of x before
	callExpr                    // fn(args), or x(args) if fn is nil
	builtinExpr                 // name(args): one of the checker's own functions
	commaExpr                   // x, y
	blockExpr                   // ({ body })
	castExpr                    // (t) x
	initExpr                    // a compound literal: v with its initializers
)

// An expr is an expression. Fields that its kind does not use are zero.
type expr struct {
	kind    exprKind
	op      ir.ExprOp
	post    bool
	member  string // memberExpr: the key of the member, for Class
	at      graph.Pos
	t       *ctype
	arith   *ctype // updateExpr: the type of the operation
	k       int64
	name    string
	x, y, z *expr
	args    []*expr
	v       *variable
	fn      *function
	body    []*stmt
	inits   []initial
	pointed *ctype    // of a pointer given to one of the checker's functions: what it points at
	becomes *ctype    // of an allocation: what the pointer that it is converted to points at
	bits    *bitfield // memberExpr: nil if it is no bit-field
	sizeof  *ctype    // constExpr: the type that this is the size of, or a multiple of that
}

type stmtKind uint8

const (
	evalStmt stmtKind = iota
	declStmt          // v with inits
	ifStmt            // if (x) body else alt
	loopStmt          // for (; x; y) body, x tested after the body first if post
	switchStmt
	returnStmt
	breakStmt
	continueStmt
	gotoStmt
	labelStmt // a label, or a case of a switch
	blockStmt
	scopeStmt // body, then the cleanups of its variables
)

type stmt struct {
	kind      stmtKind
	at        graph.Pos
	x, y      *expr
	post      bool
	body, alt []*stmt
	v         *variable
	inits     []initial
	label     any // gotoStmt, labelStmt: the name, or the node of a case
	cases     []switchCase
}

// A switchCase is one label of a switch.
type switchCase struct {
	at        graph.Pos
	label     any
	from, to  int64
	isDefault bool
}

// An initial initializes the scalar or the struct at an offset of a variable.
type initial struct {
	off  int64
	x    *expr
	t    *ctype
	bits *bitfield // nil if it is no bit-field
}

// A variable of the program, or a parameter.
type variable struct {
	name   string
	at     graph.Pos
	t      *ctype
	static bool // one instance for all threads and calls
	thread bool // _Thread_local: one for each thread
	atomic bool
	percpu int64 // the least number of copies; 0 if it is no per-CPU variable
	// constant: it is const itself, not only what it points to.
	constant bool
	inits    []initial
	hasInit  bool

	// count, if not nil, has the number of elements of an array whose size is not
	// constant, and elem is their type.
	count *variable
	elem  *ctype

	// cleanup, if not nil, is called with the variable's address at the end of its
	// scope.
	cleanup *function

	addressed bool // its address is taken, or it is no scalar: it is in memory
	assigned  int  // how often the source assigns to it, initializers apart
}

// A function with a body.
type function struct {
	name   string
	at     graph.Pos
	params []*variable
	result *ctype
	// returned is the type of the result as it is in the source.
	returned cc.Type
	body     []*stmt
	taken    bool   // its address is taken
	sig      string // see ctype.sig
	// returns is the number of return statements. last is set if there is one,
	// at the end of the function.
	returns    int
	last       bool
	unreadable *Error // the reason why its body could not be read; nil if it could
	// scopes has, for each label, the variables with a cleanup that are in scope
	// there.
	scopes map[any][]*variable
}
