// Package program is what every front end makes and the explorer runs: threads
// as short lists of instructions on registers, and the events they perform.
//
// Registers belong to a thread and are not shared: reading or writing one is
// no event. Everything shared is a cell, and every access to a cell is an
// event. Dependencies are tracked through registers exactly: an event depends
// on the reads whose values went into its address or its value, and on the
// reads that decided whether it is performed at all.
package program

import "crosscall/memmodel/graph"

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
}

// A Program is what the explorer explores.
type Program struct {
	Name    string
	Cells   []Cell
	Threads []Thread
}

// A Thread is straight code with forward and backward branches.
type Thread struct {
	Name  string
	Regs  []string // names, for people; Reg is an index here
	Init  []int64  // initial values of the registers, as many as Regs
	Instr []Instr
}

// Reg is a register of a thread, as an index into Thread.Regs. NoReg is none.
type Reg int

const NoReg Reg = -1

// Op is what an instruction does.
type Op uint8

const (
	// Do performs the event Kind with Tags. An event that reads puts its value
	// into Dst, an event that writes takes it from Val; both take the cell from
	// Addr. A Fence may have an Addr (synchronize_srcu) or not. An Addr that is no
	// cell's ends the thread, and the exploration with it if that can happen.
	Do Op = iota
	// Assign sets Dst to Val.
	Assign
	// Branch goes to Target if Val is not zero. Every event from here to Join
	// on either way has a control dependency on the reads that Val depends on,
	// and on those that decided which values its registers have.
	// Join is the index at which that ends; len(Instr) if never.
	Branch
	// Jump goes to Target. A jump backwards is an iteration of a loop, and
	// counts against the bound.
	Jump
	// Fork goes on with the next instruction in one execution, and at Target in
	// another. It makes no dependency.
	Fork
	// Assume drops executions in which Val is zero. It makes no dependency.
	Assume
	// Assert reports the execution as a failed assertion if Val is zero.
	Assert
)

// An Instr is one instruction. Which fields count depends on Op.
type Instr struct {
	Op     Op
	Kind   graph.Kind // Do
	Tags   []string   // Do
	RMW    bool       // Do of a kind that writes: it is the write half of an atomic operation (a LockWrite need not say so); the read half is the thread's last event that reads, and the thread writes nothing to the cell in between
	Dst    Reg        // Do, Assign
	Addr   *Expr      // Do
	Val    *Expr      // Do, Assign, Branch, Assume, Assert
	Target int        // Branch, Jump, Fork
	Join   int        // Branch
	Text   string
	Pos    graph.Pos
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
