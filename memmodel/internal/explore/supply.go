package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/thread"
)

// A thread that goes on without values (loadbuffering.go) could go round a loop forever,
// each time with another demand on what it reads. Most of these demands cannot be met.
//
// Claim: let a thread have come so far that coherence makes its reads of a cell read from
// n different writes of other threads, and let the other threads perform at most m writes
// to that cell, with all that they may still do. If n > m, there is no such execution.
//
// Proof: n is counted along the thread. Its own writes divide the accesses to the cell into
// segments. A read reads from a write that is the last own write before it or co-after
// that, and co-before the next own write; so what is read from other threads in two
// segments is not the same write. Within a segment, a later read reads from the same write
// as an earlier one, or from a co-later one. Hence the sources of the reads only go up,
// and each time that a read cannot read from what the one before has read, one more write
// of another thread is needed. The smallest execution, with a read that the demands of
// the path forbid to read from the thread's own write:
//
//	do { WRITE_ONCE(*x, 2); while (READ_ONCE(*x) == 2) { } } while (!READ_ONCE(*y)); WRITE_ONCE(*y, 1)   |   WRITE_ONCE(*x, 0)
//
// The write to y need not wait for any read, so the thread goes on without values. In its
// second round it would need two writes of 0 or another value by the second thread, which
// performs one.
func (px *partial) suppliedWith(t int) bool {
	if !px.st.Coherent {
		return true
	}
	for _, n := range px.th.demands(t) {
		if n.never || n.writes > 0 && px.supplyFalls(t, n.cell, n.writes) {
			return false
		}
	}
	return true
}

// unmet reports whether the demands of a thread cannot be met.
func (px *partial) unmet() bool {
	for t, r := range px.th.runners {
		if len(r.Path().Must) > 0 && !px.suppliedWith(t) {
			return true
		}
	}
	return px.th.contradictory()
}

// contradictory reports whether a thread demands that two reads return different values
// which read from one write. That is so whatever the value of the write.
func (th *threads) contradictory() bool {
	for t, r := range th.runners {
		if r.Path().ReadsDiffer(func(a, b int) bool {
			w := th.source(ref{t, a})
			return w != undecided && w == th.source(ref{t, b})
		}) {
			return true
		}
	}
	return false
}

// supplyFalls reports whether threads other than t perform fewer writes to cell than that.
func (px *partial) supplyFalls(t, cell, need int) bool {
	for u, r := range px.th.runners {
		if u == t {
			continue
		}
		for e := range r.Path().Events {
			if ev := &r.Path().Events[e]; ev.Loc == cell && ev.Kind.Writes() {
				need--
			}
		}
		if !pending(r) && !isCutOff(r) || px.blocked[u] {
			continue
		}
		n, ok := r.MostWrites(cell)
		if !ok {
			return false
		}
		need -= n
	}
	return need > 0
}

// A demand is what a thread needs of other threads' writes to a cell.
type demand struct {
	cell   int
	writes int // so many in all
	within int // so many of them since the last own write
	start  source
	last   source
	seen   []sighting
	never  bool // a read reads from a write that the thread has seen overwritten
}

// A sighting is a write that the thread reads from, when it needed so many.
type sighting struct {
	write  ref
	writes int
}

// A source is what a read reads from, as far as that is known: the write itself, its
// value, or that it is the source of another read.
type source struct {
	write  ref // or undecided
	value  int64
	valued bool
	read   int // of the same thread, or -1
}

// demands counts, for each cell that thread t has read, the writes of others that it needs.
func (th *threads) demands(t int) (list []demand) {
	p := th.runners[t].Path()
	for e := range p.Events {
		ev := &p.Events[e]
		if ev.Loc == graph.NoLoc || ev.Kind != graph.Read && ev.Kind != graph.Write {
			continue
		}
		i := slices.IndexFunc(list, func(x demand) bool { return x.cell == ev.Loc })
		if i < 0 {
			i = len(list)
			list = append(list, demand{cell: ev.Loc, last: undecidedSource})
			list[i].begin(th.sourceAt(ref{graph.InitThread, ev.Loc}))
		}
		if x := &list[i]; ev.Kind == graph.Write {
			x.begin(th.sourceAt(ref{t, e}))
		} else {
			x.read(th, t, e)
		}
	}
	return list
}

var undecidedSource = source{write: undecided, read: -1}

// begin begins a segment after an own write, or the initial one.
func (x *demand) begin(w source) {
	x.start, x.last, x.within = w, w, 0
	x.seen = append(x.seen, sighting{w.write, x.writes})
}

// read counts a read.
func (x *demand) read(th *threads, t, e int) {
	own := th.sourceOf(t, e)
	p := th.runners[t].Path()
	if th.excludes(p, own, x.last) || x.within == 0 && th.excludes(p, own, x.start) {
		x.writes++
		x.within++
	}
	x.last = own
	if own.write == undecided {
		return
	}
	if i := slices.IndexFunc(x.seen, func(s sighting) bool { return s.write == own.write }); i >= 0 {
		x.never = x.never || x.seen[i].writes < x.writes
		return
	}
	x.seen = append(x.seen, sighting{own.write, x.writes})
}

// sourceAt is write w as a source.
func (th *threads) sourceAt(w ref) source {
	v, ok := th.written(w)
	return source{write: w, value: v, valued: ok, read: -1}
}

// sourceOf is what event e of thread t reads from.
func (th *threads) sourceOf(t, e int) source {
	s := undecidedSource
	if w := th.source(ref{t, e}); w != undecided && w != inCircle {
		s = th.sourceAt(w)
	}
	s.read = e
	return s
}

// excludes reports whether the read of a, on a path, cannot read from the same write as b.
func (th *threads) excludes(p *thread.Path, a, b source) bool {
	if a.write != undecided && b.write != undecided {
		return a.write != b.write
	}
	for _, x := range [2][2]source{{a, b}, {b, a}} {
		if read, from := x[0], x[1]; read.write == undecided && read.read >= 0 && from.valued && th.contradicts(p, read.read, from.value) {
			return true
		}
	}
	return a.read >= 0 && b.read >= 0 && p.ReadsDiffer(func(x, y int) bool { return x == a.read && y == b.read || x == b.read && y == a.read })
}

// contradicts reports whether a demand of the path fails if read e returns v.
func (th *threads) contradicts(p *thread.Path, e int, v int64) bool {
	value := th.value[p.Events[e].Thread]
	return slices.ContainsFunc(p.Must, func(m thread.Sym) bool {
		got, ok := p.Eval(m, func(x int) (int64, bool) {
			if x == e {
				return v, true
			}
			return value(x)
		})
		return ok && got == 0
	})
}
