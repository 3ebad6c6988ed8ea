package litmus

import "crosscall/memmodel/internal/primitive"
import "crosscall/memmodel/internal/ir"

// An AST is a litmus test as it is written.
type AST struct {
	Name   string
	Result string // the author's expectation, from a "Result:" comment: "Never", "Sometimes", "Always", "DEADLOCK" ...; "" if there is none

	file      string
	src       string
	start     int // of the initial state, in src
	init      []initial
	procs     []proc
	locations []location
	filter    *prop // nil if there is none
	quant     ir.Quantifier
	cond      *prop

	calls []string // the names of what is called, each once
	arith bool     // an operator computes something that may be an address
	edits []edit   // what CompileReplaced makes of the words, by place
}

// InitialState is the offset of the "{" that opens the initial state, in the source
// without a byte order mark.
func (a *AST) InitialState() int { return a.start }

// Quantifier is that of the condition.
func (a *AST) Quantifier() ir.Quantifier { return a.quant }

// An initial is one item of the initial state.
type initial struct {
	at   primitive.Place
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
	at     primitive.Place
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
	at     primitive.Place
	params []param
	primitive.Code
}

type param struct {
	at      primitive.Place
	name    string
	pointer bool
	lock    bool
}
