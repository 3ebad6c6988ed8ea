package native

import (
	"fmt"

	"crosscall/memmodel/internal/ir"
)

// An Arch is a machine that code can be made for.
type Arch string

const (
	AMD64 Arch = "amd64"
	ARM64 Arch = "arm64"
)

// Model is the model of the machine, whose table says what primitives are there.
func (a Arch) Model() string {
	if a == ARM64 {
		return "armv8"
	}
	return "x86-tso"
}

// A reg is a register by its role.
type reg uint8

const (
	regA reg = iota // what expressions are computed in
	regB            // the other operand, and addresses
	regC            // scratch; stamp changes it
	regBlock
	regInst  // the instance: its variables, or the table of their addresses
	regIndex // how many instances were gone through
	regOut   // where the results of the instance go
	regStamp // the clock when it was last looked at
	regV0    // the first of those for registers of the test
)

// A cond is how two numbers compare. The last two are without sign.
type cond uint8

const (
	eq cond = iota
	ne
	lt
	le
	gt
	ge
	below
	above
)

// A label is a place in the code, which may not be known yet.
type label int

// A place is an operand in memory.
type place struct {
	base reg
	off  int32
}

// An assembler makes the code of one machine. Operations are on 64 bits; a comes before b
// where the order matters. Only the methods with tags access what threads share.
type assembler interface {
	values() int // how many registers there are from regV0 on

	imm(d reg, k int64)
	mov(d, s reg)
	load(d reg, at place)
	store(at place, s reg)
	loadIndexed(d, base, index reg) // base + 8*index
	add(d reg, k int32)
	// binary sets regA to the result of an operation of package ir on regA and regB.
	binary(op ir.ExprOp)
	compare(c cond) // regA is 1 or 0: regA c regB
	choose()        // regA is regB if regA is not 0, else regC
	stamp()         // regA is the clock; regC changes
	pause()         // in loops that wait
	fullFence()     // for the harness
	fetchAdd(at place, d reg)
	touch(at place)
	touchForWrite(at place)
	flush(at place)

	newLabel() label
	bind(label)
	jump(label)
	branch(c cond, a, b reg, to label)
	branchZero(r reg, to label)
	branchNonzero(r reg, to label)
	branchBitClear(r reg, bit int, to label)
	ret()

	fence(tags []string) error
	read(d reg, at place, tags []string) error
	write(at place, s reg, tags []string) error
	// readHalf and writeHalf are those of an atomic operation. writeHalf writes regC if
	// nothing was written since readHalf, and goes to again otherwise. If comparesOld, regA
	// must be what was read then, and it is for the value that it looks.
	readHalf(d reg, at place, tags []string) error
	writeHalf(at place, tags []string, again label) error
	comparesOld() bool
	// abandon ends an atomic operation that has only read.
	abandon()
	// whole is the assembler of atomic operations that are one instruction; nil if there are
	// none.
	whole() wholes
	finish() ([]byte, error)
}

// wholes are atomic operations with the order of a full fence.
type wholes interface {
	swap(at place)                     // regA with memory
	fetchAdd(at place, d reg)          // d becomes what was there
	compareSwap(at place, fails label) // regC to memory if that is regA; regA becomes what was there
}

func newAssembler(a Arch) assembler {
	if a == ARM64 {
		return &arm64{}
	}
	return &amd64{}
}

// unknownTags is the error for an event that the machine has no instruction for.
func unknownTags(what string, tags []string) error {
	return fmt.Errorf("the machine has no %s %v", what, tags)
}

// labels are the places of a piece of code, and the instructions that refer to them.
type labels struct {
	at     []int // -1: not bound
	refers []reference
}

type reference struct {
	at   int // in the code
	to   label
	kind int // how it is written, for the machine
}

func (l *labels) newLabel() label {
	l.at = append(l.at, -1)
	return label(len(l.at) - 1)
}

func (l *labels) refer(at int, to label, kind int) {
	l.refers = append(l.refers, reference{at, to, kind})
}
