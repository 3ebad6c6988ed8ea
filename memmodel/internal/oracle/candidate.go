package oracle

import (
	"fmt"
	"strconv"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// A Candidate is an execution that a program could have if no model forbade
// anything.
type Candidate struct {
	p      *ir.Program
	X      *graph.Execution // Locs[c] is cell c
	regs   [][]int64        // the final registers of each thread
	failed string           // the text of the first assertion that fails, thread by thread; empty if none does
	value  []int64          // the value of each event of X
	stray  bool             // a thread ended at an access to something that is no variable
}

// Candidates returns every candidate execution of p, at most limit of them
// (ErrTooBig if there are more). A thread may jump backwards to the same
// instruction bound times.
func Candidates(p *ir.Program, bound, limit int) ([]*Candidate, error) {
	all, err := unfoldAll(p, bound, limit)
	if err != nil {
		return nil, err
	}
	n := 1
	for _, traces := range all {
		if n *= len(traces); n > 50*limit {
			return nil, ErrTooBig
		}
	}
	e := &enumeration{limit: limit}
	e.combine(p, all, nil)
	if len(e.found) > limit {
		return nil, ErrTooBig
	}
	return e.found, nil
}

// An enumeration collects candidates, until there are more than limit.
type enumeration struct {
	limit int
	found []*Candidate
}

// combine chooses a trace for each thread that has none yet.
func (e *enumeration) combine(p *ir.Program, all [][]trace, chosen []trace) {
	if len(e.found) > e.limit {
		return
	}
	if len(chosen) == len(p.Threads) {
		c := newCandidate(p, chosen)
		e.readFrom(c, 0)
		return
	}
	for _, tr := range all[len(chosen)] {
		e.combine(p, all, append(chosen[:len(chosen):len(chosen)], tr))
	}
}

// newCandidate makes the events and the dependencies of one trace a thread.
// rf and co are still to be chosen.
func newCandidate(p *ir.Program, chosen []trace) *Candidate {
	c := &Candidate{p: p, X: &graph.Execution{Name: p.Name, Threads: len(p.Threads)}}
	x := c.X
	used := map[int]bool{} // a cell that no event is on has no initial write either
	for _, tr := range chosen {
		for _, s := range tr.steps {
			used[s.cell] = true
		}
	}
	for l, cell := range p.Cells {
		x.Locs = append(x.Locs, cell.Name)
		if used[l] {
			c.add(graph.Event{Thread: graph.InitThread, Kind: graph.Write, Loc: l}, cell.Init)
		}
	}
	for t, tr := range chosen {
		first := len(x.Events)
		for i, s := range tr.steps {
			c.add(graph.Event{Thread: t, Kind: s.kind, Loc: s.cell, Tags: s.tags, Text: s.text}, s.value)
			for _, d := range []struct {
				to   *[]graph.Edge
				from readSet
			}{{&x.Addr, s.addr}, {&x.Data, s.data}, {&x.Ctrl, s.ctrl}} {
				for _, r := range d.from.members() {
					*d.to = append(*d.to, graph.Edge{From: first + r, To: first + i})
				}
			}
			if s.rmw >= 0 {
				x.RMW = append(x.RMW, graph.Edge{From: first + s.rmw, To: first + i})
			}
		}
		c.regs = append(c.regs, tr.regs)
		c.stray = c.stray || tr.stray
		if c.failed == "" {
			c.failed = tr.failed
		}
	}
	return c
}

func (c *Candidate) add(e graph.Event, v int64) {
	c.X.Events = append(c.X.Events, e)
	c.X.Values = append(c.X.Values, strconv.FormatInt(v, 10))
	c.X.RF = append(c.X.RF, -1)
	c.value = append(c.value, v)
}

// readFrom chooses a write for each read from event r on.
func (e *enumeration) readFrom(c *Candidate, r int) {
	for r < len(c.X.Events) && !c.X.Events[r].Kind.Reads() {
		r++
	}
	if r == len(c.X.Events) {
		e.order(c, 0)
		return
	}
	for w := range c.X.Events {
		if c.mayRead(w, r) {
			c.X.RF[r] = w
			e.readFrom(c, r+1)
		}
	}
}

// mayRead reports whether read r can return the value of w.
func (c *Candidate) mayRead(w, r int) bool {
	we, re := c.X.Events[w], c.X.Events[r]
	if !we.Kind.Writes() || we.Loc != re.Loc {
		return false
	}
	free := we.Kind == graph.Unlock || we.Thread == graph.InitThread
	switch re.Kind {
	case graph.LockRead, graph.SeeFree:
		return free
	case graph.LockFail, graph.SeeLock:
		return we.Kind == graph.LockWrite
	}
	return c.value[w] == c.value[r]
}

// order chooses the coherence order of each location from l on.
func (e *enumeration) order(c *Candidate, l int) {
	if len(e.found) > e.limit {
		return
	}
	if l == len(c.X.Locs) {
		e.found = append(e.found, c.clone())
		return
	}
	var first, rest []int
	for w, ev := range c.X.Events {
		switch {
		case !ev.Kind.Writes() || ev.Loc != l:
		case ev.Thread == graph.InitThread:
			first = []int{w}
		default:
			rest = append(rest, w)
		}
	}
	permute(rest, first, c.lockOrder, func(co []int) {
		c.X.CO = append(c.X.CO, co)
		e.order(c, l+1)
		c.X.CO = c.X.CO[:l]
	})
}

// permute calls each with every permutation of rest after done, but for those
// that begin with something that is not ok.
func permute(rest, done []int, ok func([]int) bool, each func([]int)) {
	if !ok(done) {
		return
	}
	if len(rest) == 0 {
		each(done)
		return
	}
	for i, w := range rest {
		others := append(append([]int{}, rest[:i]...), rest[i+1:]...)
		permute(others, append(done[:len(done):len(done)], w), ok, each)
	}
}

// lockOrder reports whether the lock events among co, the beginning of the
// order of a location, can follow each other so: taking the lock comes
// directly after what its LockRead saw, and releasing it directly after taking
// it. A thread that takes a lock which it holds never gets it.
func (c *Candidate) lockOrder(co []int) bool {
	for i, w := range co {
		held := c.held(w)
		switch c.X.Events[w].Kind {
		case graph.LockWrite:
			if held >= 0 || i == 0 || co[i-1] != c.X.RF[c.readHalf(w)] {
				return false
			}
		case graph.Unlock:
			if held >= 0 && (i == 0 || co[i-1] != held) {
				return false
			}
		}
	}
	return true
}

func (c *Candidate) readHalf(w int) int {
	for _, e := range c.X.RMW {
		if e.To == w {
			return e.From
		}
	}
	panic("twin: a LockWrite without its LockRead")
}

// held returns the LockWrite of the critical section on w's cell that the
// thread of w is in when it comes to w; -1 if it is in none.
func (c *Candidate) held(w int) int {
	for e := w - 1; e >= 0 && c.X.Events[e].Thread == c.X.Events[w].Thread; e-- {
		if c.X.Events[e].Loc != c.X.Events[w].Loc {
			continue
		}
		switch c.X.Events[e].Kind {
		case graph.Unlock:
			return -1
		case graph.LockWrite:
			return e
		}
	}
	return -1
}

// clone keeps what readFrom and order change.
func (c *Candidate) clone() *Candidate {
	d, x := *c, *c.X
	d.X = &x
	x.RF = append([]int{}, x.RF...)
	x.CO = append([][]int{}, x.CO...)
	return &d
}

// Value is what o is at the end.
func (c *Candidate) Value(o ir.Obs) int64 {
	switch o.Kind {
	case ir.RegObs:
		return c.regs[o.Thread][o.Reg]
	case ir.CellObs:
		if co := c.X.CO[o.Cell]; len(co) > 0 {
			return c.value[co[len(co)-1]]
		}
		return c.p.Cells[o.Cell].Init
	}
	return o.K
}

// Stray reports whether a thread of c ended at an access to something that is
// no variable.
func (c *Candidate) Stray() bool { return c.stray }

// Final returns the final state, written down by FinalOf.
func (c *Candidate) Final() string {
	return FinalOf(c.p, c.Value)
}

// FinalOf writes down the value of everything that can be observed of p.
func FinalOf(p *ir.Program, value func(ir.Obs) int64) string {
	s := ""
	for t, th := range p.Threads {
		for r := range th.Regs {
			s += fmt.Sprintf("%d:%s=%d; ", t, th.Regs[r], value(ir.Obs{Kind: ir.RegObs, Thread: t, Reg: ir.Reg(r)}))
		}
	}
	for l, cell := range p.Cells {
		if !cell.Lock && cell.Name != "" {
			s += fmt.Sprintf("%s=%d; ", cell.Name, value(ir.Obs{Kind: ir.CellObs, Cell: l}))
		}
	}
	return s
}

// ThinAir reports whether values in x depend on themselves: whether rf and
// the address and data dependencies have a cycle.
func ThinAir(x *graph.Execution) bool {
	n := len(x.Events)
	from := empty(n)
	for r, w := range x.RF {
		if w >= 0 {
			from[w][r] = true
		}
	}
	for _, edges := range [][]graph.Edge{x.Addr, x.Data} {
		for _, e := range edges {
			from[e.From][e.To] = true
		}
	}
	return !irreflexive(plus(from))
}

// Satisfies reports whether q is true at the end of c.
func (c *Candidate) Satisfies(q *ir.Prop) bool {
	l, r := c.Value(q.Left), c.Value(q.Right)
	switch q.Op {
	case ir.EqAtom:
		return l == r
	case ir.NeAtom:
		return l != r
	case ir.LtAtom:
		return l < r
	case ir.LeAtom:
		return l <= r
	case ir.GtAtom:
		return l > r
	case ir.GeAtom:
		return l >= r
	case ir.NotProp:
		return !c.Satisfies(q.Kids[0])
	case ir.Any:
		for _, k := range q.Kids {
			if c.Satisfies(k) {
				return true
			}
		}
		return false
	}
	for _, k := range q.Kids {
		if !c.Satisfies(k) {
			return false
		}
	}
	return true
}
