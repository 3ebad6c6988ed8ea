package asm

import (
	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/primitive"
)

// An AST is a litmus test as it is written.
type AST struct {
	Name    string
	Arch    string // the first word of the file: "AArch64", "X86_64"
	Init    []condition.Initial
	Threads []Thread
	condition.Final

	arch  *arch
	file  string
	start int // of the initial state
}

// InitialState is the offset of the "{" that opens the initial state, in the source
// without a byte order mark.
func (a *AST) InitialState() int { return a.start }

// A Thread is a column of the table.
type Thread struct {
	Code   []Inst
	Labels map[string]int // by name: an index into Code; len(Code) is the end
}

// An Inst is an instruction.
type Inst struct {
	Name string // in lower case, without a prefix: "ldar", "b.ne", "mov"
	Lock bool   // x86: it has the prefix LOCK
	Size int    // x86: bytes of the operands, where a letter behind the name says so: "movl"
	Args []Arg  // the operand that is written to comes first, also where the source has it last
	Text string // as it is written
	At   primitive.Place
}

// An Arg is an operand of an instruction.
type Arg struct {
	Kind ArgKind
	Reg  Reg    // RegArg
	Num  int64  // NumArg
	Name string // NameArg: a label, a condition, the option of a barrier, a shift
	Mem  *Mem   // MemArg
	At   primitive.Place
}

// ArgKind tells operands apart.
type ArgKind uint8

const (
	RegArg ArgKind = iota
	NumArg
	NameArg
	MemArg
)

// A Reg is a register, or a part of one.
type Reg struct {
	Name string // of the whole register, as herd7 prints it: "X1" for W1, "rax" for %al
	Bits int    // of the part that is named
	High bool   // x86: bits 8 to 15
	Zero bool   // reads as zero, and forgets what is written
}

// A Mem is an operand in memory: the address Base + Index*Scale + Disp, or Symbol + Disp.
type Mem struct {
	Base, Index *Reg // nil: none
	Scale       int64
	Disp        int64
	Symbol      string
	Extend      string // AArch64: how Index is extended, "SXTW", "UXTW"; "": not at all
	Pre, Post   bool   // AArch64: Base becomes the address before, or after, the access
}
