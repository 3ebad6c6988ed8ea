// Package modelprobe finds out what a model allows of load buffering in a program: whether
// a read may see a write that another thread performs because of a later write of the
// read's own thread. The explorer needs to know, because a thread that no value holds back
// may perform such a write before the value of an earlier read is decided.
//
// The model is data, so it is asked: about small executions (shapes.go) of the program's
// own kinds of accesses and fences.
package modelprobe

import (
	"maps"
	"slices"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/rel"
)

// A Weakness is what a model allows of load buffering in a program.
type Weakness struct {
	// Any: the model allows it between some read and some write.
	Any    bool
	loose  bool            // the model does not even keep coherence
	ctrl   bool            // even where the write has a control dependency on the read
	addr   bool            // even where an access between them has its address from the read
	fences map[string]bool // by tags: those that keep what is before from what is behind
	events map[string]bool // by kind and tags: accesses that are always in order
}

// Fence implements thread.Orders.
func (w *Weakness) Fence(tags []string) bool { return w.fences[tagKey(graph.Fence, tags)] }

// Control implements thread.Orders.
func (w *Weakness) Control() bool { return !w.ctrl }

// Address implements thread.Orders.
func (w *Weakness) Address() bool { return !w.addr }

// Operation implements thread.Orders.
func (w *Weakness) Operation() bool { return !w.loose }

// Access implements thread.Orders.
func (w *Weakness) Access(k graph.Kind, tags []string) bool { return w.events[tagKey(k, tags)] }

// Ordered reports whether an access keeps its place by itself.
func (w *Weakness) Ordered(e *graph.Event) bool { return w.Access(e.Kind, e.Tags) }

func tagKey(k graph.Kind, tags []string) string {
	key := string(rune('0' + k))
	for _, t := range tags {
		key += " " + t
	}
	return key
}

// An access is an event that a program performs, with the other half if it is one of
// an atomic operation: without it, it would not be what it is. Nor would a lock or an
// unlock be without the fences behind the one and before the other.
type access struct {
	event, half *graph.Event
	fences      []*graph.Event
}

// kinds has one access of each kind and tags that a program performs.
type kinds map[graph.Kind]map[string]access

func kindsOf(p *ir.Program) kinds {
	all := kinds{}
	for t := range p.Threads {
		var read *graph.Event                       // the last one
		var exclusive [ir.Reservations]*graph.Event // the last ones
		for i := range p.Threads[t].Instr {
			in := &p.Threads[t].Instr[i]
			e := &graph.Event{Kind: in.Kind, Tags: in.Tags}
			switch {
			case in.Op == ir.Free:
				e.Kind = graph.Write
				all.add(access{event: e})
			case in.Op != ir.Do:
			case in.RMW && in.Exclusive && exclusive[in.Reservation] != nil:
				half := exclusive[in.Reservation]
				all.add(access{event: e, half: half})
				all.add(access{event: half, half: e})
			case in.RMW && read != nil:
				all.add(access{event: e, half: read})
				all.add(access{event: read, half: e})
			case in.Kind == graph.LockRead:
				all.add(access{event: e, fences: fencesFrom(p.Threads[t].Instr, i+2, 1)})
			case in.Kind == graph.Unlock:
				all.add(access{event: e, fences: fencesFrom(p.Threads[t].Instr, i-1, -1)})
			default:
				all.add(access{event: e})
			}
			if e.Kind == graph.Read {
				read = e
				if in.Exclusive {
					exclusive[in.Reservation] = e
				}
			}
		}
	}
	return all
}

// fencesFrom lists the fences at i and on, in steps of by.
func fencesFrom(code []ir.Instr, i, by int) (list []*graph.Event) {
	for ; i >= 0 && i < len(code) && code[i].Op == ir.Do && code[i].Kind == graph.Fence; i += by {
		list = append(list, &graph.Event{Kind: graph.Fence, Tags: code[i].Tags})
	}
	return list
}

func (all kinds) add(a access) {
	e := a.event
	if all[e.Kind] == nil {
		all[e.Kind] = map[string]access{}
	}
	key := tagKey(e.Kind, e.Tags)
	if a.half != nil {
		key += "," + tagKey(a.half.Kind, a.half.Tags)
	}
	for _, f := range a.fences {
		key += "," + tagKey(f.Kind, f.Tags)
	}
	all[e.Kind][key] = a
}

// Growth is how what a program performs grows while its threads go on.
func Growth(p *ir.Program) (g rel.Growth) {
	for _, list := range kindsOf(p) {
		for _, a := range list {
			g.Tags = append(g.Tags, a.event.Tags...)
		}
	}
	for t := range p.Threads {
		var read []string                       // the tags of the last one
		var exclusive [ir.Reservations][]string // of the last ones
		together := true                        // whether the thread comes from there to here without a halt
		for i := range p.Threads[t].Instr {
			in := &p.Threads[t].Instr[i]
			switch {
			case in.RMW && in.Exclusive:
				g.Halves = append(g.Halves, exclusive[in.Reservation])
			case in.RMW && !together:
				g.Halves = append(g.Halves, read)
			case in.Op == ir.Do && in.Kind == graph.Read:
				read, together = in.Tags, true
				if in.Exclusive {
					exclusive[in.Reservation] = in.Tags
				}
			case in.Op != ir.Assign:
				together = false
			}
		}
	}
	return g
}

// Find finds out what c allows of load buffering in p. loose says that the checks of c are
// ignored.
func Find(c *rel.Compiled, p *ir.Program, loose bool) *Weakness {
	w := &Weakness{fences: map[string]bool{}, events: map[string]bool{}}
	if loose || !c.Native() { // nothing is in order
		w.loose, w.Any, w.ctrl, w.addr = true, true, true, true
		return w
	}
	all, o := kindsOf(p), &oracle{c, p.Waits}
	for fk := range all[graph.Fence] {
		w.fences[fk] = true
	}
	for _, k := range []graph.Kind{graph.Read, graph.Write} {
		for _, x := range all[k] {
			w.events[tagKey(k, x.event.Tags)] = true
		}
	}
	for _, r := range all[graph.Read] {
		for _, e := range all[graph.Write] {
			w.askFor(o, all, r, e)
		}
	}
	w.askForLocks(o, all)
	return w
}

func (w *Weakness) askFor(o *oracle, all kinds, r, e access) {
	if !o.loadBuffering(r, access{}, e, nothing) {
		return
	}
	w.allow(r, e)
	w.ctrl = w.ctrl || o.loadBuffering(r, access{}, e, control)
	w.addr = w.addr || o.loadBuffering(r, r, e, address) || o.loadBuffering(r, e, e, address)
	for fk, f := range all[graph.Fence] {
		w.fences[fk] = w.fences[fk] && !o.loadBuffering(r, f, e, nothing)
	}
}

// allow notes that what stands before write e, or comes after read r, may be out of
// order.
func (w *Weakness) allow(r, e access) {
	w.Any = true
	w.events[tagKey(graph.Read, r.event.Tags)] = false
	w.events[tagKey(graph.Write, e.event.Tags)] = false
}

// askForLocks finds out whether what a thread does in a critical section may be seen
// before the lock is free for it, whether a section may be over before what comes
// before it in its thread is done, and the same of a thread that finds a lock taken or
// free.
func (w *Weakness) askForLocks(o *oracle, all kinds) {
	weak := false
	for _, s := range all.sections() {
		noticed := slices.ContainsFunc(all.seers(s), func(see access) bool { return o.readsPastLock(s, see) })
		overtaken := s.give.event != nil && o.readsPastSection(s, access{}, nothing)
		if noticed || overtaken || s.give.event != nil && o.readsNextSection(s) {
			weak = true
			w.allow(s.read, s.write)
		}
		if overtaken {
			w.ctrl = w.ctrl || o.readsPastSection(s, access{}, control)
			w.addr = w.addr || o.readsPastSection(s, s.read, address) || o.readsPastSection(s, s.write, address)
		}
	}
	for _, k := range []graph.Kind{graph.LockRead, graph.LockFail, graph.SeeLock, graph.SeeFree, graph.Unlock, graph.LockWrite} {
		for _, x := range all[k] {
			w.events[tagKey(k, x.event.Tags)] = !weak && (k == graph.LockRead || k == graph.Unlock)
		}
	}
}

// sections lists what critical sections a program may have, also such as are never
// over.
func (all kinds) sections() (list []section) {
	gives := append(slices.Collect(maps.Values(all[graph.Unlock])), access{})
	for _, take := range all[graph.LockRead] {
		for _, give := range gives {
			for _, r := range all[graph.Read] {
				for _, e := range all[graph.Write] {
					list = append(list, section{take, give, r, e})
				}
			}
		}
	}
	return list
}

// seers lists the accesses that find the lock free after section s, or taken.
func (all kinds) seers(s section) []access {
	if s.give.event != nil {
		return slices.Collect(maps.Values(all[graph.SeeFree]))
	}
	return append(slices.Collect(maps.Values(all[graph.LockFail])), slices.Collect(maps.Values(all[graph.SeeLock]))...)
}
