package thread

import (
	"slices"

	"crosscall/memmodel/graph"
)

// A round of waiting is left out, with its events. One of them may be all that races with
// an event of another thread. So the explorer may have one such round of a thread kept; the
// thread goes on behind it as after any other round, and no bound counts it. A round of an outer
// loop that has the kept one within it is kept as well.

// noRound stands for the first event of a round where there is none.
const noRound = -1

// keptRound is the round of waiting that a thread keeps.
type keptRound struct {
	from  int  // the number of events before it, or noRound
	write bool // it has a write
	next  bool // it is the next one
}

// droppedRound is the round of waiting at which a thread has stopped.
type droppedRound struct {
	from   int           // the number of events before it, or noRound
	reads  []graph.Event // but for those that take locks
	writes []graph.Event // what it puts back
	locks  bool          // it takes locks and gives them back
}

// KeepRound has r keep the next round of waiting.
func (r *Runner) KeepRound() { r.kept.next = true }

// KeepsRound reports whether r has kept a round of waiting.
func (r *Runner) KeepsRound() bool { return r.kept.from != noRound }

// KeepsWrite reports whether that round has a write.
func (r *Runner) KeepsWrite() bool { return r.kept.write }

// DroppedRound lists the reads of the round of waiting at which r has stopped, but for those that take
// locks, and the writes that put back what was there. ok is false if r has not stopped at one.
func (r *Runner) DroppedRound() (reads, writes []graph.Event, ok bool) {
	if r.dropped.from == noRound {
		return nil, nil, false
	}
	return r.dropped.reads, r.dropped.writes, true
}

// Polls reports whether r has stopped at a round of waiting that takes locks and gives them back.
func (r *Runner) Polls() bool { return r.dropped.from != noRound && r.dropped.locks }

// keeps reports whether round x, which is one of waiting, is kept.
func (r *Runner) keeps(x *round) bool {
	if r.kept.next {
		r.kept = keptRound{from: x.events, write: r.modifiesIn(x)}
	}
	return r.kept.from >= x.events
}

// hasKeptOne reports whether the kept round is in the round that ends here, to go on at head.
func (r *Runner) hasKeptOne(head int) bool {
	return slices.ContainsFunc(r.rounds, func(x round) bool { return x.head == head && r.kept.from >= x.events })
}
