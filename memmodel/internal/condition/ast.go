package condition

import (
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// An Initial is one item of the initial state.
type Initial struct {
	At   primitive.Place
	Loc  Location
	Size int // number of elements of an array; 0 for what is none
	Lock bool
	Type string // the last word of its type; "" if none is written
	// Unsigned is set if the type that is written is none of those that herd7
	// prints with a sign, for example atomic_t.
	Unsigned bool
	Values   []Operand // none: zero
}

// A Location is something that a final state has a value for: a register, a
// shared variable, or an element of an array.
type Location struct {
	At     primitive.Place
	Thread int // SharedVar for a variable
	Name   string
	Index  int // Whole for a variable, or an array in all
}

const (
	SharedVar = -1
	Whole     = -1
	// EveryThread is the thread of an initial value of a symbolic register, such as %x: it
	// is that of each thread that has the register.
	EveryThread = -2
)

// An Operand is the right-hand side of an atom, or an initial value.
type Operand struct {
	Kind OperandKind
	Num  int64
	Loc  Location
	List []Operand
}

type OperandKind uint8

const (
	NumOperand  OperandKind = iota
	AddrOperand             // the address of loc
	LocOperand              // what is in loc
	ListOperand             // what an array has in its elements
)

// A Prop is a proposition over final states. All of nothing is true, any of
// nothing is false.
type Prop struct {
	Op    PropOp
	Kids  []*Prop
	Left  Location  // atom
	Cmp   ir.PropOp // atom
	Right Operand   // atom
}

type PropOp uint8

const (
	AtomProp PropOp = iota
	NotProp
	AllProp
	AnyProp
	ImpliesProp
)
