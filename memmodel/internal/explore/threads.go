package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/thread"
)

// A ref names an event by its thread and its place there; an initial write, by
// its cell.
type ref struct{ thread, event int }

var (
	undecided = ref{thread: -2}
	inCircle  = ref{thread: -3} // its source is being looked for
)

func (r ref) initial() bool { return r.thread == graph.InitThread }

// threads are the threads of the dynamic explorer on their way, and what their reads are
// decided to read from.
type threads struct {
	prog     *ir.Program
	runners  []*thread.Runner
	rf       [][]ref                        // by thread and event: what it reads from
	value    []func(read int) (int64, bool) // by thread
	memo     map[ref]int64                  // by read
	nesting  int                            // reads that are being computed
	branches []*thread.Runner               // in use
	unused   []*thread.Runner               // were
}

func newThreads(p *ir.Program) *threads {
	th := &threads{prog: p, rf: make([][]ref, len(p.Threads)), memo: map[ref]int64{}}
	for t := range p.Threads {
		th.value = append(th.value, func(e int) (int64, bool) { return th.read(ref{t, e}) })
	}
	return th
}

// start has all threads at their beginning. Their loops have this bound.
func (th *threads) start(flows []*thread.Flow, bound int) {
	for i, f := range flows {
		th.runners = append(th.runners, thread.NewRunner(f, i, bound))
	}
}

// copyFrom makes th a copy of other that runs beside it.
func (th *threads) copyFrom(other *threads) {
	th.runners = th.runners[:0]
	for t, r := range other.runners {
		th.runners = append(th.runners, r.Detach(th.value[t]))
		th.rf[t] = append(th.rf[t][:0], other.rf[t]...)
	}
}

// A position is where the threads were.
type position struct {
	runners  []*thread.Runner
	branches int
}

// here is where the threads are.
func (th *threads) here() position { return position{th.runners, len(th.branches)} }

// begin lets threads go on, until end takes them back to the position that it returns.
func (th *threads) begin() position {
	at := th.here()
	th.runners = slices.Clone(th.runners)
	return at
}

func (th *threads) end(at position) {
	th.runners = at.runners
	th.unused = append(th.unused, th.branches[at.branches:]...)
	th.branches = th.branches[:at.branches]
}

// source is what r reads from, if that is decided.
func (th *threads) source(r ref) ref {
	if r.event >= len(th.rf[r.thread]) {
		return undecided
	}
	return th.rf[r.thread][r.event]
}

// read is the value of a read, if it is known. Where values are computed from values
// that are, as in x = x + x again and again, it remembers what it has computed.
func (th *threads) read(r ref) (v int64, ok bool) {
	w := th.source(r)
	if w == undecided || w == inCircle {
		return 0, false
	}
	if v, ok = th.memo[r]; ok {
		return v, true
	}
	// A value that is computed from itself is not known.
	th.rf[r.thread][r.event] = undecided
	th.nesting++
	v, ok = th.written(w)
	th.nesting--
	th.rf[r.thread][r.event] = w
	switch {
	case th.nesting == 0:
		clear(th.memo) // what is decided may change from now on
	case ok && th.nesting >= memoNesting:
		th.memo[r] = v
	}
	return v, ok
}

// memoNesting is from which depth on values are remembered while one is computed.
const memoNesting = 3

// written is the value that w writes, if it is known.
func (th *threads) written(w ref) (int64, bool) {
	if w.initial() {
		return th.prog.Cells[w.event].Init, true
	}
	p := th.runners[w.thread].Path()
	if p.Write[w.event] == thread.NoSym {
		return 0, false // it is no write any more, which load finds out
	}
	return p.Eval(p.Write[w.event], th.value[w.thread])
}

// root is the read to be decided for read r to have a value: r itself, or one
// that a value is computed from which r sees. There is none where values go
// round in a circle.
func (th *threads) root(r ref) (root ref, ok bool) {
	w := th.source(r)
	if w == undecided {
		return r, true
	}
	if w.initial() {
		return r, false
	}
	p := th.runners[w.thread].Path()
	if p.Write[w.event] == thread.NoSym {
		return r, false
	}
	th.rf[r.thread][r.event] = inCircle
	p.Syms[p.Write[w.event]].Reads.Each(func(e int) {
		x := ref{w.thread, e}
		if _, known := th.read(x); !ok && !known && th.source(x) != inCircle {
			root, ok = th.root(x)
		}
	})
	th.rf[r.thread][r.event] = w
	return root, ok
}

// needed is root of the read whose value thread t needs.
func (th *threads) needed(t int) (root ref, ok bool) {
	return th.root(ref{t, th.runners[t].Need()})
}

// needs reports whether a thread needs the value of a read.
func needs(r *thread.Runner) bool {
	return r.Status() == thread.NeedsValue || r.Status() == thread.NeedsRMW
}

func needsChoice(r *thread.Runner) bool { return r.Status() == thread.NeedsChoice }

// isRMW reports whether r is the read of an atomic operation that succeeds or fails with
// its value: its thread goes one way or the other.
func (th *threads) isRMW(r ref) bool {
	runner := th.runners[r.thread]
	return runner.Status() == thread.NeedsRMW && r.event == runner.Need()
}

// event is the event that r names.
func (th *threads) event(r ref) *graph.Event {
	runner := th.runners[r.thread]
	if th.isRMW(r) {
		runner = runner.Ways()[0]
	}
	return &runner.Path().Events[r.event]
}

// counts is how many events each thread has performed.
func (th *threads) counts() (events []int) {
	for _, r := range th.runners {
		events = append(events, len(r.Path().Events))
	}
	return events
}

// ready reports whether thread t can go on.
func (th *threads) ready(t int, r *thread.Runner) bool {
	switch r.Status() {
	case thread.Running:
		return true
	case thread.NeedsValue:
		_, known := th.value[t](r.Need())
		return known
	}
	return false
}

// ahead is thread t as it goes on from r.
func (th *threads) ahead(t int, r *thread.Runner) *thread.Runner {
	next := th.branch(r)
	next.Run(th.value[t])
	th.reserve(t, next)
	return next
}

// branch is a copy of r for as long as what is decided now is in force.
func (th *threads) branch(r *thread.Runner) *thread.Runner {
	var old *thread.Runner
	if n := len(th.unused); n > 0 {
		old = th.unused[n-1]
		th.unused = th.unused[:n-1]
	}
	c := r.Branch(old)
	th.branches = append(th.branches, c)
	return c
}

// reserve makes room for what the reads of a thread read from.
func (th *threads) reserve(t int, r *thread.Runner) {
	n := len(r.Path().Events)
	if r.Status() == thread.NeedsRMW {
		for _, way := range r.Ways() {
			n = max(n, len(way.Path().Events))
		}
	}
	for len(th.rf[t]) < n {
		th.rf[t] = append(th.rf[t], undecided)
	}
}

// hangsInVain reports whether a thread hangs where no other will be found to stay in a
// section.
func (th *threads) hangsInVain() bool {
	return slices.ContainsFunc(th.runners, func(r *thread.Runner) bool { return r.Path().Hang != nil }) &&
		!slices.ContainsFunc(th.runners, (*thread.Runner).MayStay)
}
