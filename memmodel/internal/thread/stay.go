package thread

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
)

// Endless reports whether the thread neither ends nor goes wrong.
func (p *Path) Endless() bool { return len(p.Wait) > 0 || p.Stuck != nil || p.Hang != nil }

// endSections ends the sections in which the thread is cut short. All it has done there
// is within, and a model that looks for pairs would take a section without an end for
// none. Those that have begun since there were so many events begin again and again, in
// rounds of waiting; it never comes out of the others.
func (r *Runner) endSections(since int) {
	p := r.path
	for _, o := range r.openSections() {
		first, at := p.Events[o.Event], len(p.Events)
		r.event(&ir.Instr{
			Op: ir.Do, Kind: graph.Fence, Tags: []string{r.prog.Sections[o.Of].Close}, Dst: ir.NoReg,
			Text: "(no end of " + first.Text + ")", Pos: first.Pos,
		}, first.Loc, nil)
		if first.Kind.Reads() {
			p.Data = append(p.Data, graph.Edge{From: o.Event, To: at})
			p.Write[at] = r.read(o.Event)
		}
		p.Ends++
		if o.Event < since {
			p.Open = append(p.Open, o)
		}
	}
}

// openSections lists the sections that have begun and not ended, the last first.
func (r *Runner) openSections() (open []ir.SectionEvent) {
	if len(r.prog.Sections) == 0 {
		return nil
	}
	for e := range r.path.Events {
		ev := &r.path.Events[e]
		if of := r.prog.Opens(ev.Tags); of >= 0 && !(ev.Kind.Reads() && r.handsOn(e)) {
			open = slices.Insert(open, 0, ir.SectionEvent{Event: e, Of: of})
			continue
		}
		of := r.prog.Closes(ev.Tags)
		if i := slices.IndexFunc(open, func(o ir.SectionEvent) bool { return o.Of == of }); i >= 0 && ev.Kind == graph.Fence {
			open = slices.Delete(open, i, i+1)
		}
	}
	return open
}

// handsOn reports whether what read e has returned was written somewhere: to what ends
// the section that it begins, or for another thread to do so.
func (r *Runner) handsOn(e int) bool {
	return slices.ContainsFunc(r.path.Data, func(x graph.Edge) bool { return x.From == e })
}

// mayHang has r fork at what waits for sections, if these may never end. It returns
// false if in is no such thing.
func (r *Runner) mayHang(in *ir.Instr) bool {
	if !r.flow.hangs || in.Kind != graph.Fence || r.prog.WaitsFor(in.Tags) < 0 {
		return false
	}
	if in.Addr != nil {
		v, _, ok := r.look(in.Addr)
		if !ok {
			return true
		}
		if cell, ok := r.prog.CellAt(v); !ok || r.wasFreed(cell) {
			return false
		}
	}
	r.status = NeedsChoice
	return true
}

// hang has r wait for sections that never end. The event that waits has no effect then. No event
// comes after it. Earlier events of its thread are not ordered with events of others after it
// began, because it may begin when all of those are done.
func (r *Runner) hang(in *ir.Instr) {
	r.path.Hang = &ir.SectionEvent{Event: len(r.path.Events), Of: r.prog.WaitsFor(in.Tags)}
	mute := *in
	mute.Tags = nil
	cell, deps := graph.NoLoc, Set(nil)
	if in.Addr != nil {
		v, set, _ := r.look(in.Addr)
		cell, _ = r.prog.CellAt(v)
		deps = set
	}
	r.event(&mute, cell, deps)
	r.endSections(len(r.path.Events))
	r.status = Ended
}

// MayStay reports whether the thread is in a section for good, or can come to be.
func (r *Runner) MayStay() bool {
	switch r.status {
	case Running, NeedsValue, NeedsChoice, NeedsRMW, CutOff:
		return r.flow.stays[r.pc] || r.atLock && r.flow.stays[r.lockAt]
	}
	return len(r.path.Open) > 0
}

// LetHang has the threads hang at what waits for sections, all or none: in vain if
// no thread can stay in a section for good.
func LetHang(flows []*Flow) {
	hangs := slices.ContainsFunc(flows, func(f *Flow) bool { return f.stays[0] })
	for _, f := range flows {
		f.hangs = hangs
	}
}

// mostNested bounds how deep sections are followed into each other.
const mostNested = 8

// findStays finds the instructions from which the thread may come to where it can stay
// in a section for good: a loop, a lock, or what waits for sections itself.
func (f *Flow) findStays() {
	inside := make([]bool, len(f.th.Instr)+1)
	for of := range f.prog.Sections {
		f.markInside(of, inside)
	}
	rows := f.spread(1, func(i int, row []uint64) {
		if inside[i] && f.mayStop(i) {
			row[0] = 1
		}
	}, func(int, []uint64) {})
	f.stays = make([]bool, len(rows))
	for i, row := range rows {
		f.stays[i] = row[0] != 0
	}
}

// mayStop reports whether a thread may come no further than instruction i.
func (f *Flow) mayStop(i int) bool {
	switch in := &f.th.Instr[i]; in.Op {
	case ir.Branch, ir.Jump, ir.Fork:
		return in.Target <= i
	case ir.Do:
		return in.Kind == graph.LockRead && !f.attempts[i] || f.prog.WaitsFor(in.Tags) >= 0
	}
	return false
}

// markInside marks the instructions that may be in one of these sections.
func (f *Flow) markInside(of int, inside []bool) {
	seen := make([][mostNested + 1]bool, len(f.th.Instr)+1)
	var visit func(i, depth int)
	visit = func(i, depth int) {
		if i == len(f.th.Instr) || seen[i][depth] {
			return
		}
		seen[i][depth] = true
		inside[i] = inside[i] || depth > 0
		switch tags := f.th.Instr[i].Tags; {
		case f.prog.Opens(tags) == of:
			depth = min(depth+1, mostNested)
		case f.prog.Closes(tags) == of:
			depth = max(depth-1, 0)
		}
		f.next(i, func(k int) { visit(k, depth) })
	}
	visit(0, 0)
}
