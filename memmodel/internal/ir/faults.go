package ir

import (
	"fmt"

	"crosscall/memmodel/graph"
)

// BadAddress is the error for an access to an address of no variable, in an
// execution that the model allows.
type BadAddress struct {
	Pos  graph.Pos
	Text string
	Addr int64
}

func (e *BadAddress) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s accesses address %d, which is no variable's", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Text, e.Addr)
}

// BrokenPromise is the error for an access to a cell that the Class of the
// access rules out, or Program.Owners, or Program.Confined.
type BrokenPromise struct {
	Pos  graph.Pos
	Text string
}

func (e *BrokenPromise) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s reaches a member of another type", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Text)
}

// A Misuse is an access to memory that has been freed or never been set, or is of
// another type, or the end of a critical section that has not begun.
type Misuse struct {
	Pos  graph.Pos
	Text string
	What MisuseKind
	By   graph.Pos // of the free
	Of   string    // Returned: the function
}

// MisuseKind is the kind of a Misuse.
type MisuseKind uint8

const (
	Freed    MisuseKind = iota // it is used after it was freed
	Twice                      // it is freed again
	Unset                      // it is read before it is set
	Returned                   // it is a local variable of a function that has returned
	NotHeld                    // a lock is released by a thread that does not hold it
	Mistyped                   // it is accessed with another type than it was declared with
)

// String is a word for k.
func (k MisuseKind) String() string {
	return [...]string{"freed", "freed twice", "unset", "returned", "not held", "mistyped"}[k]
}

func (e *Misuse) Error() string {
	at := fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Text)
	switch e.What {
	case Freed:
		return fmt.Sprintf("%s uses memory that is freed %s", at, e.where())
	case Twice:
		return fmt.Sprintf("%s frees memory that is freed %s too", at, e.where())
	case Returned:
		return fmt.Sprintf("%s uses a local variable of %s, which has returned", at, e.Of)
	case Mistyped:
		return at + " accesses memory as another type than it was declared to be, of another size: that is not supported"
	case NotHeld:
		return at + " releases a lock that the thread does not hold"
	}
	return at + " reads memory that nothing has been written to since it was allocated"
}

// where says where the memory was freed.
func (e *Misuse) where() string {
	if e.By.File != e.Pos.File {
		return fmt.Sprintf("at %s:%d", e.By.File, e.By.Line)
	}
	return fmt.Sprintf("in line %d", e.By.Line)
}

// Poison is the value of freed memory.
const Poison = 0x6b6b6b6b6b6b6b6b
