package explore

import (
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/program"
	"crosscall/memmodel/rel"
)

// weakness is what a model allows of load buffering in a program: found out by
// asking it about small structures of the program's own kinds of accesses.
type weakness struct {
	any    bool            // between some read and some write
	ctrl   bool            // even where the write has a control dependency on the read
	addr   bool            // even where an access between them has its address from the read
	fences map[string]bool // by tags: those that keep what is before from what is behind
	events map[string]bool // by kind and tags: accesses that are always in order
}

// Fence implements program.Orders.
func (w *weakness) Fence(tags []string) bool { return w.fences[tagKey(graph.Fence, tags)] }

// Control implements program.Orders.
func (w *weakness) Control() bool { return !w.ctrl }

// Address implements program.Orders.
func (w *weakness) Address() bool { return !w.addr }

// Access implements program.Orders.
func (w *weakness) Access(k graph.Kind, tags []string) bool { return w.events[tagKey(k, tags)] }

func (w *weakness) ordered(e *graph.Event) bool { return w.Access(e.Kind, e.Tags) }

func tagKey(k graph.Kind, tags []string) string {
	key := string(rune('0' + k))
	for _, t := range tags {
		key += " " + t
	}
	return key
}

// kinds has one event of each kind and tags that a program performs.
type kinds map[graph.Kind]map[string]*graph.Event

func kindsOf(p *program.Program) kinds {
	all := kinds{}
	for t := range p.Threads {
		for i := range p.Threads[t].Instr {
			in := &p.Threads[t].Instr[i]
			e := &graph.Event{Kind: in.Kind, Tags: in.Tags}
			switch in.Op {
			case program.Do:
			case program.Free:
				e.Kind = graph.Write
			default:
				continue
			}
			if all[e.Kind] == nil {
				all[e.Kind] = map[string]*graph.Event{}
			}
			all[e.Kind][tagKey(e.Kind, e.Tags)] = e
		}
	}
	return all
}

// tagsOf lists the tags of what a program performs.
func tagsOf(p *program.Program) (tags []string) {
	for _, list := range kindsOf(p) {
		for _, e := range list {
			tags = append(tags, e.Tags...)
		}
	}
	return tags
}

// findWeakness finds out what c allows of
//
//	R x ; W y   |   R y ; W x, with data
//
// where both reads see the other thread's write.
func findWeakness(c *rel.Compiled, p *program.Program, loose bool) weakness {
	w := weakness{fences: map[string]bool{}, events: map[string]bool{}}
	if loose || !c.Native() { // nothing is in order
		w.any, w.ctrl, w.addr = true, true, true
		return w
	}
	all, a := kindsOf(p), &asker{c, p.Waits}
	for fk := range all[graph.Fence] {
		w.fences[fk] = true
	}
	for rk := range all[graph.Read] {
		w.events[rk] = true
	}
	for wk := range all[graph.Write] {
		w.events[wk] = true
	}
	for rk, r := range all[graph.Read] {
		for wk, e := range all[graph.Write] {
			if !a.buffers(r, nil, e, nothing) {
				continue
			}
			w.any, w.events[rk], w.events[wk] = true, false, false
			w.ctrl = w.ctrl || a.buffers(r, nil, e, control)
			w.addr = w.addr || a.buffers(r, r, e, address) || a.buffers(r, e, e, address)
			for fk, f := range all[graph.Fence] {
				w.fences[fk] = w.fences[fk] && !a.buffers(r, f, e, nothing)
			}
		}
	}
	w.locks(a, all)
	return w
}

// locks finds out whether what a thread does in a critical section may be seen
// before the lock is free for it, and whether a section may be over before what comes
// before it in its thread is done.
func (w *weakness) locks(a *asker, all kinds) {
	weak := false
	for _, take := range all[graph.LockRead] {
		for _, give := range all[graph.Unlock] {
			for _, r := range all[graph.Read] {
				for _, e := range all[graph.Write] {
					s := section{take, give, r, e}
					weak = weak || a.leaks(s)
					if !a.overtakes(s, nil, nothing) {
						continue
					}
					weak = true
					w.ctrl = w.ctrl || a.overtakes(s, nil, control)
					w.addr = w.addr || a.overtakes(s, r, address) || a.overtakes(s, e, address)
				}
			}
		}
	}
	w.any = w.any || weak
	for _, k := range []graph.Kind{graph.LockRead, graph.LockFail, graph.SeeLock, graph.SeeFree, graph.Unlock, graph.LockWrite} {
		for key := range all[k] {
			w.events[key] = !weak && (k == graph.LockRead || k == graph.Unlock)
		}
	}
}

// An asker asks a model what it permits.
type asker struct {
	model *rel.Compiled
	waits bool // the program's loops wait
}

func placed(e *graph.Event, thread, loc int) *graph.Event {
	at := *e
	at.Thread, at.Loc = thread, loc
	return &at
}

func initial(loc int) *graph.Event {
	return &graph.Event{Kind: graph.Write, Thread: graph.InitThread, Loc: loc}
}

// dependency says how what comes after a read depends on it.
type dependency uint8

const (
	nothing dependency = iota
	control            // of the write
	address            // of the access between them
)

// buffers reports whether the model allows load buffering between a read and a
// write, with a fence or another access between them if it is not nil.
func (a *asker) buffers(read, between, write *graph.Event, d dependency) bool {
	s := rel.Structure{Events: []*graph.Event{initial(0), initial(1), initial(2), placed(read, 0, 0)}}
	const r = 3
	co := [][2]int{}
	if between != nil {
		loc := graph.NoLoc
		if between.Kind != graph.Fence {
			loc = 2
		}
		s.Events = append(s.Events, placed(between, 0, loc))
		if between.Kind == graph.Write {
			co = append(co, [2]int{2, r + 1})
		}
	}
	y := len(s.Events)
	s.Events = append(s.Events, placed(write, 0, 1), placed(read, 1, 1), placed(write, 1, 0))
	s.Data = []graph.Edge{{From: y + 1, To: y + 2}}
	switch d {
	case control:
		s.Ctrl = []graph.Edge{{From: r, To: y}}
	case address:
		s.Addr = []graph.Edge{{From: r, To: r + 1}}
	}
	return a.permits(&s, append(co, [2]int{0, y + 2}, [2]int{1, y}), [][2]int{{y + 2, r}, {y, y + 1}})
}

// A section is a critical section, a read in or before it, and a write in the next
// section, which another thread has.
type section struct{ take, give, read, write *graph.Event }

var taken = &graph.Event{Kind: graph.LockWrite}

// leaks reports whether a thread may see, in its section, what another does in the
// next one.
func (a *asker) leaks(s section) bool {
	return a.sections([]*graph.Event{
		placed(s.take, 0, 0), placed(taken, 0, 0), placed(s.read, 0, 1), placed(s.give, 0, 0),
		placed(s.take, 1, 0), placed(taken, 1, 0), placed(s.write, 1, 1),
	}, nothing)
}

// overtakes reports whether a read that comes before a section may see what another
// thread does in the next one. Between the read and the section there may be another
// access.
func (a *asker) overtakes(s section, between *graph.Event, d dependency) bool {
	events := []*graph.Event{placed(s.read, 0, 1)}
	if between != nil {
		events = append(events, placed(between, 0, 2))
	}
	return a.sections(append(events,
		placed(s.take, 0, 0), placed(taken, 0, 0), placed(s.give, 0, 0),
		placed(s.take, 1, 0), placed(taken, 1, 0), placed(s.write, 1, 1),
	), d)
}

// sections asks about events with two critical sections, where the read of cell 1
// sees the last of them; what depends on the read is all that comes after it in its
// thread (control), or the next event (address).
func (a *asker) sections(events []*graph.Event, d dependency) bool {
	s := rel.Structure{Events: append([]*graph.Event{initial(0), initial(1), initial(2)}, events...)}
	var co, rf [][2]int
	read, last := 0, len(s.Events)-1
	line := []int{0} // what is written to the lock
	for i, e := range s.Events {
		switch {
		case e.Thread == graph.InitThread:
		case e.Kind == graph.LockRead:
			rf = append(rf, [2]int{line[len(line)-1], i})
			s.LockRM = append(s.LockRM, graph.Edge{From: i, To: i + 1})
		case e.Loc == 0:
			for _, w := range line {
				co = append(co, [2]int{w, i})
			}
			line = append(line, i)
		case e.Loc == 1 && i < last:
			read = i
		case e.Loc == 2 && e.Kind == graph.Write:
			co = append(co, [2]int{2, i})
		}
	}
	switch d {
	case control:
		for i := read + 1; s.Events[i].Thread == s.Events[read].Thread; i++ {
			s.Ctrl = append(s.Ctrl, graph.Edge{From: read, To: i})
		}
	case address:
		s.Addr = []graph.Edge{{From: read, To: read + 1}}
	}
	return a.permits(&s, append(co, [2]int{1, last}), append(rf, [2]int{last, read}))
}

// permits reports whether the model permits an execution.
//
// In a program whose loops wait, one that it flags does not count: where accesses
// race that are not marked, LKMM orders nothing and promises nothing, so that the
// fences around them would all seem to be leaky.
func (a *asker) permits(s *rel.Structure, co, rf [][2]int) bool {
	c := a.model
	m := rel.NewMachine(c, c.Native())
	if !m.Load(s) {
		return false
	}
	m.Push()
	for _, p := range slices.Clone(co) {
		m.Order(p[0], p[1])
	}
	for _, p := range rf {
		m.ReadFrom(p[0], p[1])
	}
	if !m.Settle() {
		return false
	}
	if !a.waits {
		return true
	}
	m.Value = func(int) (int64, bool) { return 0, false }
	return m.Complete() && len(m.Flags()) == 0
}
