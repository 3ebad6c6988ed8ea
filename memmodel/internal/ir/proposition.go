package ir

// A Prop is a proposition over a final state: the condition of a litmus test,
// its filter, or the negation of an assertion.
type Prop struct {
	Op PropOp
	// Atoms: Left is compared with Right (EqAtom, NeAtom ...).
	Left, Right Obs
	Kids        []*Prop // All, Any; one of them for NotProp
}

// PropOp is an operator of Prop.
type PropOp uint8

const (
	True    PropOp = iota // All of none
	All                   // every one of Kids
	Any                   // one of Kids at least
	NotProp               // not Kids[0]
	EqAtom
	NeAtom
	LtAtom
	LeAtom
	GtAtom
	GeAtom
)

// An Obs is something that can be observed in a final state: a register, a
// cell, or a constant.
type Obs struct {
	Kind   ObsKind
	Thread int
	Reg    Reg
	Cell   int
	K      int64
}

// ObsKind tells the kinds of Obs apart.
type ObsKind uint8

const (
	ConstObs ObsKind = iota
	RegObs           // register Reg of thread Thread
	CellObs          // the last value of Cell
)
