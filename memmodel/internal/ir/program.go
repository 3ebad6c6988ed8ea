// Package ir is the form of programs that every front end makes and the
// explorer runs: threads as short lists of instructions on registers, and the
// events they perform.
//
// Registers belong to a thread and are not shared: reading or writing one is
// no event. Shared memory consists of cells, and every access to a cell is an
// event. Dependencies are tracked through registers exactly: an event depends
// on the reads whose values went into its address or its value, and on the
// reads that decided whether it is performed at all.
package ir

import (
	"fmt"
	"slices"

	"crosscall/memmodel/graph"
)

// AddrBase is the value of the address of cell 0. Cell c has address
// AddrBase+c, so that arithmetic on pointers is arithmetic.
const AddrBase = int64(1) << 40

// AddrOf is the value of a pointer to cell c.
func AddrOf(c int) int64 { return AddrBase + int64(c) }

// A Cell is one shared memory location.
type Cell struct {
	Name string // "x", "a[2]"; empty for the gap between two variables, which cannot be accessed
	Init int64
	Lock bool // a spinlock: its final value is not an int
	// Private cells are memory that one thread alone uses, such as its local
	// structs. Accesses are no events; dependencies go through them exactly.
	Private bool
	// Hidden cells are the front end's own. Accesses to them never race.
	Hidden bool
	// Heap cells belong to an Object, which an Alloc returns. Init is their
	// value after the allocation; reading that is an error if Uninit is set.
	Heap   bool
	Uninit bool
	// Class says which accesses can reach the cell; see Instr.Class.
	Class int
	// Type is a number for the declared type of the cell: its size, plus 8 if it is
	// signed and of less than 8 bytes. 0 is not known.
	Type uint8
	// Size is how many addresses the cell takes; 0 is one.
	Size uint8
}

// An Object is a number of cells that are allocated and freed together. If it is
// a local variable, Local is its function: its life ends with the call.
type Object struct {
	Cell, Size int
	Local      string
}

// A Program is the input of the explorer.
type Program struct {
	Name    string
	Cells   []Cell
	Threads []Thread
	Objects []Object // on the heap; no two share a cell
	// Freed has the cells that have been freed before the threads start, with the
	// place of the free.
	Freed map[int]graph.Pos
	// Waits: a round of a loop that changes nothing (it writes no cell, and its
	// registers at the end are as at the start) is waiting. Waiting is not
	// repeated: either no round waits before the loop ends, or the thread waits
	// forever.
	Waits bool
	// Allocated are the Objects that have been allocated before the threads start.
	Allocated []int
	// Kept are registers of main (which is the last thread, or Final) that hold static
	// variables. Hidden is set if other variables of main are in no cells that can be
	// observed.
	Kept   []Reg
	Hidden bool
	// Picks: an event depends by control on what decided, by control, which values were
	// given to the registers in its value; and so do it and all events behind it for those
	// in its address. The thread's next reads of what it writes give such values too.
	// Otherwise a register carries such a dependency to branches alone.
	Picks bool
	// Unshared: the model knows of no dependency, and no order but po and what tags make
	// (nor one that asks for accesses to two locations), so that a variable which one thread
	// alone uses might be in a register.
	Unshared bool
	// Confined: an access whose address is in a variable to begin with does not leave it for a
	// lock, whatever is added. One that does is a BrokenPromise.
	Confined bool
	// Owners has the cells that are Private because of that, with the thread that uses each.
	Owners map[int]int
	// Sections are the kinds of critical sections of readers.
	Sections []Sections
	// Marked are the tags of a read and of a write that may be added to
	// threads, so that one tells another what it has done.
	Marked struct{ Read, Write []string }
	// Final, if not nil, runs when all threads have ended, on the last values of
	// the cells. It is for assertions.
	Final *Thread
}

// A Thread is straight code with forward and backward branches.
type Thread struct {
	Name  string
	Regs  []string // names, for messages; Reg is an index here
	Init  []int64  // initial values of the registers, as many as Regs
	Instr []Instr
}

// Reservations is the number of values of Instr.Reservation.
const Reservations = 4

// Reg is a register of a thread, as an index into Thread.Regs. NoReg is none.
type Reg int

const NoReg Reg = -1

// Op is what an instruction does.
type Op uint8

const (
	// Do performs the event Kind with Tags. An event that reads puts its value
	// into Dst, an event that writes takes it from Val; both take the cell from
	// Addr. A Fence may have an Addr (synchronize_srcu) or not. An Addr of no cell
	// ends the thread, and the exploration if the model allows such an execution.
	Do Op = iota
	// Assign sets Dst to Val.
	Assign
	// Branch goes to Target if Val is not zero. On either way, every event from
	// here to Join has a control dependency on the reads that Val depends on,
	// and on the reads that decided which values the registers of Val have.
	// Join is the index at which the dependency ends; len(Instr) if it never
	// does.
	Branch
	// Jump goes to Target. A jump backwards is an iteration of a loop, and
	// counts against the bound.
	Jump
	// Fork continues with the next instruction in one execution, and at Target
	// in another. It makes no dependency.
	Fork
	// Assume drops executions in which Val is zero. It makes no dependency.
	Assume
	// Assert reports the execution as a failed assertion if Val is zero.
	Assert
	// Alloc sets Dst to the address of the next of Objects (indices into
	// Program.Objects), each time that the thread executes it. When there is no next
	// object, the thread is cut off, as at the bound of a loop.
	Alloc
	// Free ends the life of the object whose first cell has the address Addr; an
	// Addr of 0 frees nothing. Every cell of the object is written by a plain
	// write with Tags. A thread that reads from such a write or overwrites it
	// uses memory after it is freed.
	Free
	// Idle marks the round of a loop as one that may wait forever: a thread that
	// has nothing left to do.
	Idle
	// Exit marks the end of the process. Where a thread comes to one, it is fine that
	// others wait forever.
	Exit
	// Lapse marks a spurious failure, as of a weak compare-and-exchange: the thread's last
	// read is what it found. A round of a loop that fails so and changes nothing is left out,
	// because the execution without it is explored too.
	Lapse
)

// An Instr is one instruction. Op decides which fields are used.
type Instr struct {
	Op   Op
	Kind graph.Kind // Do
	Tags []string   // Do
	RMW  bool       // Do of a kind that writes: it is the write half of an atomic operation (a LockWrite need not say so); the read half is the thread's last event that reads
	// Exclusive, with RMW, has the read half be the thread's last read that is Exclusive, as
	// a store-exclusive has it: other reads may come in between. There is one, with the same
	// Reservation. A Fork is
	// Exclusive if one way is that of a store-exclusive, or of a weak compare-and-exchange,
	// that fails without a reason: a loop that hangs on that is bounded, as one that hangs on
	// what is read.
	Exclusive bool
	// Reservation, with Exclusive, tells the words of an atomic access to several words
	// apart: the write half of a word has the read half of that word. Below Reservations.
	Reservation uint8
	// Yields, with Exclusive and RMW, has Dst become 0 and depend on the write, as the status
	// of a store-conditional does that is the source of dependencies.
	Yields bool
	// Copies, of a Do that reads, says that it is part of a copy of a whole struct, whose
	// members need not have values.
	Copies bool
	Dst    Reg   // Do, Assign
	Addr   *Expr // Do
	Val    *Expr // Do, Assign, Branch, Assume, Assert
	Target int   // Branch, Jump, Fork
	Join   int   // Branch
	// Objects are those that an Alloc returns, in order.
	Objects []int
	// Class, if not 0, promises that a Do only accesses cells of the same Class,
	// such as those that are the same member of the same type. The explorer then
	// does not wait for writes to other cells. A promise that is not kept is an
	// error, not a wrong answer.
	Class int
	// Arrives, if not nil, says of the write of an atomic operation that adds 1 that it is an
	// arrival at a barrier, and how many threads the barrier is for. The thread goes on once all
	// threads of the round have arrived: it reads from the last write of the round, behind a full
	// fence. The value before is used for two things only: which round it is and, by Mod, whether
	// this arrival is the last of the round.
	Arrives *Expr
	Type    uint8 // Do: the type of the access, as Cell.Type; 0 if that does not matter
	// Says is, of an Assert, what is wrong if Val is zero; empty if Text says what fails.
	// Of an Alloc, it is why there is no next object; empty if there were some.
	Says string
	Text string
	Pos  graph.Pos
}

// None says why the Alloc has no next object.
func (in *Instr) None() string {
	if in.Says != "" {
		return in.Says
	}
	return fmt.Sprintf("more than %d objects are allocated here", len(in.Objects))
}

// Wrong says what is wrong if the Assert fails.
func (in *Instr) Wrong() string {
	if in.Says != "" {
		return in.Says
	}
	return in.Text + " fails"
}

// ExprOp is an operator of Expr. Results are int64; comparisons and logic give
// 0 or 1.
type ExprOp uint8

const (
	Const ExprOp = iota // K
	Load                // the register R. (Not a memory access.)
	Add
	Sub
	Mul
	Div // by zero: drops the execution
	Mod
	And
	Or
	Xor
	Shl
	Shr
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	LAnd // both sides are evaluated: neither has side effects
	LOr
	Not  // logical, A only
	Inv  // bitwise, A only
	Neg  // A only
	Cond // A ? B : C
)

// An Expr is an expression over registers.
type Expr struct {
	Op      ExprOp
	K       int64
	R       Reg
	A, B, C *Expr
}

// Simple reports whether in is a plain access.
func (in *Instr) Simple() bool {
	return in.Op == Do && (in.Kind == graph.Read || in.Kind == graph.Write) && !in.RMW && len(in.Tags) == 0
}

// Unclassed returns a copy of p without classes, and without promises about which thread uses a cell.
func (p *Program) Unclassed() *Program {
	c := *p
	c.Unshared, c.Confined = false, false
	c.Threads = slices.Clone(p.Threads)
	for t := range c.Threads {
		code := slices.Clone(c.Threads[t].Instr)
		for i := range code {
			code[i].Class = 0
		}
		c.Threads[t].Instr = code
	}
	return &c
}

// signed is added to the number of a type, its size in bytes, if the type is
// signed. It is not added for 8 bytes, which are held alike with and without a
// sign.
const signed = 8

// Mistypes reports whether in accesses a cell with another size than it has.
func (p *Program) Mistypes(in *Instr, cell int) bool {
	t := p.Cells[cell].Type
	return in.Type != 0 && t != 0 && in.Type != t && in.Type != t^signed
}

// Resigned reports whether in accesses an unsigned cell as signed, or the other way
// round. C allows that, and the same bits are another value.
func (p *Program) Resigned(in *Instr, cell int) bool {
	t := p.Cells[cell].Type
	return in.Type != 0 && t != 0 && in.Type != signed && t != signed && in.Type == t^signed
}

// Extend is the value of e as one of a type that is given by its number.
func Extend(e *Expr, t uint8) *Expr {
	bits := 8 * int64(t&^signed)
	k := func(k int64) *Expr { return &Expr{Op: Const, K: k} }
	e = &Expr{Op: And, A: e, B: k(1<<bits - 1)}
	if t&signed == 0 {
		return e
	}
	sign := k(1 << (bits - 1))
	return &Expr{Op: Sub, A: &Expr{Op: Xor, A: e, B: sign}, B: sign}
}

// CellAt is the cell that has an address; ok is false if none has.
func (p *Program) CellAt(addr int64) (cell int, ok bool) {
	c := addr - AddrBase
	if c < 0 || c >= int64(len(p.Cells)) || p.Cells[c].Name == "" {
		return 0, false
	}
	return int(c), true
}

// Within reports whether an address is one of a byte of a cell, and not of its first.
func (p *Program) Within(addr int64) bool {
	for before := int64(1); before < 8; before++ {
		if cell, ok := p.CellAt(addr - before); ok {
			return int64(p.Cells[cell].Size) > before
		}
	}
	return false
}

// Misused is the use, at pos, of a cell whose object ended its life at by.
func (p *Program) Misused(cell int, pos graph.Pos, text string, by graph.Pos) *Misuse {
	m := &Misuse{Pos: pos, Text: text, What: Freed, By: by}
	i := slices.IndexFunc(p.Objects, func(o Object) bool { return o.Local != "" && cell >= o.Cell && cell < o.Cell+o.Size })
	if i >= 0 {
		m.What, m.Of = Returned, p.Objects[i].Local
	}
	return m
}

// Defines is the register that in assigns to, or NoReg.
func (in *Instr) Defines() Reg {
	switch {
	case in.Op == Assign, in.Op == Alloc, in.Op == Do && (in.Kind.Reads() || in.Yields):
		return in.Dst
	}
	return NoReg
}
