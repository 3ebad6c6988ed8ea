package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/execgraph"
)

// The frames belong to the reads that are being decided, outermost first. They collect what the
// branches of these decisions show. That tells whether a read has to be postponed (postpone.go).
type frames struct {
	partial *partial
	st      *execgraph.State
	th      *threads
	list    []frame
}

// A frame watches the branches in which a read reads from the writes that are there.
type frame struct {
	read ref
	cell int
	// mayPay: postponing the read may pay.
	mayPay    bool
	overtakes bool  // a later write of read's thread may be performed before read has a value
	since     []int // by thread: the events that were there
}

// watch begins a frame for a read, and returns its number. mayPay says that postponing it may pay
// whatever the branches show.
func (fs *frames) watch(read ref, overtakes, mayPay bool) int {
	fs.list = append(fs.list, frame{
		read: read, cell: fs.th.event(read).Loc, overtakes: overtakes, since: fs.th.counts(), mayPay: mayPay,
	})
	return len(fs.list) - 1
}

// unwatch ends the last frame, and returns whether postponing its read may pay.
func (fs *frames) unwatch() bool {
	f := fs.list[len(fs.list)-1]
	fs.list = fs.list[:len(fs.list)-1]
	return f.mayPay
}

// notice looks, among the writes that threads have performed since before, for those for which
// postponing the read of a frame may pay. A write counts even if the model forbids it beside the
// decided reads: in this branch the frame's read reads from an older write, and the forbidden order
// may come from that. Postponed, the read could read from the new write instead.
func (fs *frames) notice(before position) {
	for i := range fs.list {
		f := &fs.list[i]
		f.mayPay = f.mayPay || fs.shows(f, before)
	}
}

// wouldNotice reports whether notice would find something.
func (fs *frames) wouldNotice(before position) bool {
	return slices.ContainsFunc(fs.list, func(f frame) bool { return !f.mayPay && fs.shows(&f, before) })
}

// shows reports whether one of the writes that have come since before is a new one
// for f.
func (fs *frames) shows(f *frame, before position) bool {
	for t, r := range fs.th.runners {
		events := r.Path().Events
		for e := len(before.runners[t].Path().Events); e < len(events); e++ {
			if events[e].Loc == f.cell && events[e].Kind.Writes() && t != f.read.thread &&
				(f.overtakes || !fs.partial.depends(ref{t, e}, f.read)) {
				return true
			}
		}
	}
	return false
}

// noteConflicts notes which atomic operations stand where others would.
//
// The write of an atomic operation directly follows, in co, the write that the operation has
// read from, so no other operation can read from that write too: the proof above leaves this
// out. But the thread of the other operation tries, and finds the place taken.
func (fs *frames) noteConflicts() {
	for _, pair := range fs.st.Conflicts() {
		fs.displacedRMW(pair[0], pair[1])
		fs.displacedRMW(pair[1], pair[0])
	}
	fs.st.DropConflicts(0)
}

// displacedRMW notes that write w has the place in co of write by, whose operation may be the
// one whose read a frame watches. If w existed when the frame began, that read had the choice
// to read from w, the last one, and need not be postponed; a taken lock gives no such choice.
func (fs *frames) displacedRMW(w, by int) {
	half := fs.st.Half[by]
	if half < 0 { // it ends a critical section
		for i := range fs.list {
			fs.list[i].mayPay = true
		}
		return
	}
	read, other := fs.partial.refOf(half), fs.partial.refOf(w)
	for i := range fs.list {
		f := &fs.list[i]
		if f.read == read && (fs.st.Events[half].Kind == graph.LockRead || f.since[other.thread] <= other.event) {
			f.mayPay = true
		}
	}
}

// noteUnseen notes the writes that threads could have performed without the values they
// need. No branch shows them if this one is given up.
func (fs *frames) noteUnseen() {
	if !fs.partial.weak().Any {
		return
	}
	for i := range fs.list {
		f := &fs.list[i]
		for t, r := range fs.th.runners {
			f.mayPay = f.mayPay || t != f.read.thread && needs(r) && r.MayOvertake(r.Need(), []int{f.cell}, fs.partial.weak())
		}
	}
}
