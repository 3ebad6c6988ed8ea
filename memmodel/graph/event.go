package graph

// Kind is the kind of an event. The names of the lock events are those of herd
// and of the kernel's lock.cat.
type Kind uint8

const (
	Read      Kind = iota // a load
	Write                 // a store
	Fence                 // a barrier, or another event without a value
	LockRead              // the read half of spin_lock or of a spin_trylock that succeeds (LKR)
	LockWrite             // the write half of them (LKW)
	Unlock                // spin_unlock (UL)
	LockFail              // a spin_trylock that fails: it saw the lock held (LF)
	SeeLock               // a spin_is_locked that returns true (RL)
	SeeFree               // a spin_is_locked that returns false (RU)
)

// Reads reports whether an event of kind k takes its value from a write.
func (k Kind) Reads() bool {
	switch k {
	case Read, LockRead, LockFail, SeeLock, SeeFree:
		return true
	}
	return false
}

// Writes reports whether an event of kind k has a place in co.
func (k Kind) Writes() bool { return k == Write || k == LockWrite || k == Unlock }

// InitThread is the Thread of the writes that set the initial state.
const InitThread = -1

// NoLoc is the Loc of an event that has no location.
const NoLoc = -1

// Pos is a place in a source file; lines and columns count from 1.
type Pos struct {
	File      string
	Line, Col int
}

// An Event is one node of an execution.
type Event struct {
	Thread int      // InitThread for an initial write
	Kind   Kind     //
	Copies bool     // it reads a member of a struct that is copied, which need not have a value
	Loc    int      // index into Execution.Locs; NoLoc if it has none
	Tags   []string // its tags in a model's cat file: "once", "release", "mb", "rcu-lock" ...
	Text   string   // the source text, for people: "smp_store_release(y, 1)"
	Pos    Pos
}

// Edge is an ordered pair of events, by index.
type Edge struct{ From, To int }

// An Execution is one complete run of a program: its events, with their values,
// and the relations that the explorer chose.
type Execution struct {
	Name    string
	Threads int
	Locs    []string // the name of each location
	Events  []Event  // initial writes first, then thread by thread in program order
	Values  []string // the value that each event reads or writes; "" where it has none
	RF      []int    // for each event that reads: the write it reads from; -1 otherwise
	CO      [][]int  // for each location: its writes in coherence order, the initial one first
	Addr    []Edge   // dependencies, from reads
	Data    []Edge
	Ctrl    []Edge
	RMW     []Edge   // the read and the write of one atomic operation
	Final   []string // the final state as the test names it: "0:r1=1", "x=2"

	// Violated is empty if the model allows the execution. Otherwise it is the
	// name of the check that fails, and Cycle the edges that make it fail,
	// each with the name of its relation.
	Violated string
	Cycle    []LabelledEdge
	// Flagged holds the pairs of events that the model flags, labelled with the
	// flag: the two accesses of a data race.
	Flagged []LabelledEdge

	// Failure is what goes wrong in the execution, which the model allows; nil if
	// nothing does.
	Failure *Failure
	// Note, for a picture, says which parts of the execution are left out.
	Note string
}

// A Failure is what goes wrong in an execution.
type Failure struct {
	Text   string // a sentence, without the place
	Pos    Pos
	Thread int   // -1: it is in the code that runs last, or in several threads
	Events []int // the events that decide it, as far as they are known
}

// A LabelledEdge is an edge of a named relation.
type LabelledEdge struct {
	Edge
	Label string
}
