package explore

import "slices"

// A Part is a part of an exploration, as data that another process can explore. The zero
// value is the whole exploration.
//
// A position is a place in the tree of decisions: the number of the child that was taken at
// the root, then at that child, and so on. A single worker visits the nodes in a fixed order,
// so a position means the same in every process that has the same program.
//
// A part of the static explorer is an interval of positions. It needs no reply of another part.
//
// A part of the dynamic explorer is the subtree below a node. Whether a read is postponed
// depends on the outcomes of its earlier siblings, so the part contains the replies of the
// earlier siblings of each node on the path from the root. The part that handed out this one
// gets its reply.
type Part struct {
	From, To []int `json:",omitempty"` // static: the interval; without To it is open at its end

	Root   int      `json:",omitempty"` // dynamic: the depth of the node
	Levels []level  `json:",omitempty"` // the known children of each node on the path, and of those below it
	Checks []uint32 `json:",omitempty"` // by level: what is found there
	Pays   []bool   `json:",omitempty"` // by frame: frame.mayPay, where the last level ends
	// Late: this part does not search for a livelock, because an earlier part does. One
	// exploration searches for a livelock once.
	Late bool `json:",omitempty"`
	Most int  `json:",omitempty"` // stop after this many new nodes, whatever Stop says; 0: no such limit
}

// A level has the outcome of each known child of a node. The children after these are new.
type level []child

// A child is the reply of a child, or offloaded, open or past.
type child uint8

const (
	replied child = 1 << iota // with these outcomes
	repliedConsistent
	repliedBlocks
	repliedNotAwaited
	repliedDead
	repliedPruned
	repliedPays // the last frame's mayPay

	offloaded child = 0        // explored by another part, which has not replied yet
	open      child = 1 << 7   // on the path to the current node
	past      child = 1<<7 | 1 // outside of this part
)

// A Reply is the outcome of a part, for the part that handed it out.
type Reply struct {
	Outcome uint8
	Pays    []bool `json:",omitempty"`
}

// Left is the rest of a part after a Walk.
type Left struct {
	From  []int  // the position of the first node; it orders the parts of an exploration
	Parts []Part // new parts, which any worker can explore
	Rest  *Part  // dynamic: the part to continue with; it needs the replies of Parts
	Waits bool   // Rest cannot begin before these replies
	Reply *Reply // dynamic: set when the part is done
	Nodes int    // the number of explored nodes
	// Looked: the walk searched for a livelock. Late: it would have, but Part.Late forbids it.
	Late, Looked bool
}

// A Walk explores a Part. It is used once, by one worker.
type Walk struct {
	Part Part
	// Stop reports whether to stop before a new node. Its argument is the number of new nodes
	// so far. The first node is always explored.
	Stop func(nodes int) bool
	Left Left

	nodes   int  // the number of new nodes, including the one at which it stopped
	ended   bool // no new node is explored any more
	stopped bool // ended by Stop or Part.Most

	// Of the static explorer:
	counts  []int   // by depth: the number of the current child, which is the position
	matched int     // how many leading numbers equal those of Part.From; -1: the position is behind it
	bounds  [][]int // positions at which the rest can be divided

	dynamicWalk
}

// begin makes w ready for the first node.
func (w *Walk) begin() {
	if w == nil {
		return
	}
	w.Left = Left{}
	if len(w.Part.From) == 0 {
		w.matched = -1
	}
}

// divide sets w.Left, after the walk has ended.
func (w *Walk) divide(grows bool) {
	if w == nil {
		return
	}
	w.Left.Nodes = w.nodes
	if w.stopped {
		w.Left.Nodes--
	}
	if grows {
		w.divideDynamic()
	} else {
		w.divideStatic()
	}
}

// stops reports whether to end before a new node.
func (w *Walk) stops() bool {
	w.nodes++
	switch n := w.nodes - 1; {
	case n == 0:
		return false
	case w.Part.Most > 0:
		return n >= w.Part.Most
	default:
		return w.Stop != nil && w.Stop(n)
	}
}

// maxPieces bounds the parts that one is divided into at once.
const maxPieces = 4

// enterStatic reports whether the static explorer goes on at the next node of a depth.
func (w *Walk) enterStatic(depth int) bool {
	if depth < len(w.counts) {
		w.counts = w.counts[:depth+1]
		w.counts[depth]++
	} else {
		w.counts = append(w.counts, 0)
	}
	switch {
	case w.ended:
		w.bound(depth)
		return false
	case w.matched == depth && w.counts[depth] < w.Part.From[depth]:
		return false
	case w.matched == depth && w.counts[depth] == w.Part.From[depth]:
		if w.matched++; w.matched < len(w.Part.From) {
			return true
		}
	}
	if w.matched >= depth {
		w.matched = -1
	}
	if w.Part.To != nil && slices.Compare(w.counts, w.Part.To) >= 0 {
		w.ended = true
		return false
	}
	if w.Left.From == nil {
		w.Left.From = slices.Clone(w.counts)
	}
	if w.stops() {
		w.ended, w.stopped = true, true
		w.bounds = [][]int{slices.Clone(w.counts)}
		return false
	}
	return true
}

// bound notes the first node of each depth that was not explored.
func (w *Walk) bound(depth int) {
	if len(w.bounds) == 0 || w.Part.To != nil && slices.Compare(w.counts, w.Part.To) >= 0 {
		return
	}
	last := w.bounds[len(w.bounds)-1]
	if depth+1 < len(last) || len(w.bounds) == 1 {
		w.bounds = append(w.bounds, slices.Clone(w.counts))
	}
}

// leaves reports whether the static explorer can return: the walk has ended, and all
// bounds are known.
func (w *Walk) leaves() bool {
	return w != nil && w.ended && (len(w.bounds) == 0 || len(w.bounds) > 1 && len(w.bounds[len(w.bounds)-1]) == 1)
}

// divideStatic makes parts of the rest. The last pieces are the largest, so these are kept
// apart.
func (w *Walk) divideStatic() {
	if len(w.bounds) > maxPieces {
		w.bounds = append(w.bounds[:1], w.bounds[len(w.bounds)-maxPieces+1:]...)
	}
	for i, from := range w.bounds {
		to := w.Part.To
		if i+1 < len(w.bounds) {
			to = w.bounds[i+1]
		}
		w.Left.Parts = append(w.Left.Parts, Part{From: from, To: to})
	}
}
