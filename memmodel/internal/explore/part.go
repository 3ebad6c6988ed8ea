package explore

import "slices"

// A Part is a part of an exploration, as data: what another process needs to explore just
// that. The zero value is all of it.
//
// A position is where a walk through the tree of decisions is: which child was taken of the
// root, which of that one, and so on. One worker always takes the same way, so a position
// means the same in every process that has the same program.
//
// The static explorer's parts are intervals of positions. No part needs the reply of another.
//
// A part of the dynamic explorer is what is below a node. Whether a read is postponed
// depends on what the other ways to decide it have shown, so the part has their replies:
// those of the ways before it, on the way from the root. Its own reply goes back to whoever
// goes on there.
type Part struct {
	From, To []int `json:",omitempty"` // static: positions; no To is the end

	Root   int      `json:",omitempty"` // dynamic: the node is so deep
	Levels []level  `json:",omitempty"` // what is known on the way to the node, and below it
	Checks []uint32 `json:",omitempty"` // by level: what is found there
	Pays   []bool   `json:",omitempty"` // by frame: frame.mayPay, where the last level ends
	// Late: no livelock is looked for. One is looked for once, by what comes first.
	Late bool `json:",omitempty"`
	Most int  `json:",omitempty"` // end after so many new nodes, and at nothing else; 0: no
}

// A level says, by number, what became of the children of a node. Those after it are new.
type level []child

// A child is the reply of one, or one of the marks below.
type child uint8

const (
	replied child = 1 << iota // with these outcomes
	repliedConsistent
	repliedBlocks
	repliedNotAwaited
	repliedDead
	repliedPruned
	repliedPays // the last frame's mayPay

	away child = 0        // another part, which has not replied
	open child = 1 << 7   // on the way
	past child = 1<<7 | 1 // not looked at: it is no part of this part
)

// A Reply is what came of a part, for the one that it was taken from.
type Reply struct {
	Outcome uint8
	Pays    []bool `json:",omitempty"`
}

// Left is what a Walk has left of its part.
type Left struct {
	From  []int  // the position where it began; the parts of an exploration are in this order
	Parts []Part // others' work from now on
	Rest  *Part  // dynamic: what is to be gone on with, with the replies of Parts
	Waits bool   // Rest needs the replies first
	Reply *Reply // dynamic: the part is done
	Nodes int    // that were explored
	// Late says that a livelock would have been looked for, and Looked that it was.
	Late, Looked bool
}

// A Walk explores a Part. It is of one use, and of one worker.
type Walk struct {
	Part Part
	// Stop is asked at each new node, and says whether to end here. It gets the number of
	// new nodes before; the first is always explored.
	Stop func(nodes int) bool
	Left Left

	nodes   int  // new ones, with the one at which it stopped
	ended   bool // nothing new is explored
	stopped bool // because of Stop

	// Of the static explorer:
	counts  []int   // by depth: children that were come by
	matched int     // so many numbers of the position are those of Part.From; -1: it is behind
	bounds  [][]int // where what is left can be divided

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

// divide says what is left, once the walk has ended.
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

// bound notes the first node of each depth that was left.
func (w *Walk) bound(depth int) {
	if len(w.bounds) == 0 || w.Part.To != nil && slices.Compare(w.counts, w.Part.To) >= 0 {
		return
	}
	last := w.bounds[len(w.bounds)-1]
	if depth+1 < len(last) || len(w.bounds) == 1 {
		w.bounds = append(w.bounds, slices.Clone(w.counts))
	}
}

// leaves reports whether the static explorer has nothing to look for any more: it has
// ended, and knows what is left.
func (w *Walk) leaves() bool {
	return w != nil && w.ended && (len(w.bounds) == 0 || len(w.bounds) > 1 && len(w.bounds[len(w.bounds)-1]) == 1)
}

// divideStatic says what is left. The pieces at the end are the largest.
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
