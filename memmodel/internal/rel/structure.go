package rel

import (
	"unicode"
	"unicode/utf8"

	"crosscall/memmodel/graph"
)

// A Structure is an execution without rf and co: its events and the relations
// that the program alone decides.
type Structure struct {
	// Events holds the initial writes first, then the threads one after the
	// other, each in program order.
	Events []*graph.Event
	Addr   []graph.Edge
	Data   []graph.Edge
	Ctrl   []graph.Edge
	RMW    []graph.Edge // from the read half to the write half
	LockRM []graph.Edge // the same for spin_lock and spin_trylock
	// Finals holds the cells whose last values are observed.
	Finals []int
}

// SetName is the name of the set of the events that carry tag: "rcu-lock"
// makes "Rcu-lock".
func SetName(tag string) string {
	r, size := utf8.DecodeRuneInString(tag)
	return string(unicode.ToUpper(r)) + tag[size:]
}

var kindSets = [...]string{
	graph.Read: "R", graph.Write: "W", graph.Fence: "F", graph.LockRead: "LKR", graph.LockWrite: "LKW",
	graph.Unlock: "UL", graph.LockFail: "LF", graph.SeeLock: "RL", graph.SeeFree: "RU",
}

// bases fills the matrices of the base sets and relations.
func (m *Machine) bases(s *Structure) {
	for _, i := range m.c.bases {
		m.stat.alloc(i, m.size(i))
	}
	clear(m.stat.mem)
	if at, ok := m.c.baseSets["_"]; ok {
		copy(m.static(at), m.all)
	}
	put := func(name string, e int) {
		if at, ok := m.c.baseSets[name]; ok {
			set(m.static(at), e)
		}
	}
	for i, e := range s.Events {
		put(kindSets[e.Kind], i)
		if e.Kind == graph.Read || e.Kind == graph.Write {
			put("M", i)
		}
		if e.Thread == graph.InitThread {
			put("IW", i)
		}
		for _, t := range e.Tags {
			if at, ok := m.c.tagSets[t]; ok {
				set(m.static(at), i)
			}
		}
	}
	for _, x := range s.RMW {
		put("RMW", x.From)
		put("RMW", x.To)
	}
	for _, i := range m.c.bases {
		if n := &m.c.nodes[i]; !n.isSet {
			m.baseRel(n.name, m.static(i), s)
		}
		m.exactBound(i)
	}
}

func (m *Machine) baseRel(name string, out []uint64, s *Structure) {
	switch name {
	case "id":
		for i := range s.Events {
			set(m.row(out, i), i)
		}
	case "po":
		m.alike(out, s.Events, threadOf)
		for i := range s.Events {
			clearUpTo(m.row(out, i), i)
		}
	case "loc":
		m.alike(out, s.Events, func(e *graph.Event) int { return e.Loc })
	case "int":
		m.internal(out, s.Events)
	case "ext":
		m.internal(out, s.Events)
		for i := range s.Events {
			for k, x := range m.row(out, i) {
				out[i*m.w+k] = m.all[k] &^ x
			}
		}
	case "addr":
		m.edges(out, s.Addr)
	case "data":
		m.edges(out, s.Data)
	case "ctrl":
		m.edges(out, s.Ctrl)
	case "rmw":
		m.edges(out, s.RMW)
	case "lkrmw":
		m.edges(out, s.LockRM)
	}
}

func (m *Machine) edges(out []uint64, list []graph.Edge) {
	for _, x := range list {
		set(m.row(out, x.From), x.To)
	}
}

// internal relates the events of one thread. An initial write, which no
// thread makes, is in relation with itself alone.
func (m *Machine) internal(out []uint64, ev []*graph.Event) {
	m.alike(out, ev, threadOf)
	for i, e := range ev {
		if e.Thread == graph.InitThread {
			set(m.row(out, i), i)
		}
	}
}

func threadOf(e *graph.Event) int { return e.Thread }

// alike relates all events that have the same key. Events with key -1
// (graph.InitThread, graph.NoLoc) are related to none.
func (m *Machine) alike(out []uint64, ev []*graph.Event, key func(*graph.Event) int) {
	most := -1
	for _, e := range ev {
		most = max(most, key(e))
	}
	m.masks = append(m.masks[:0], make([]uint64, (most+1)*m.w)...)
	for i, e := range ev {
		if k := key(e); k >= 0 {
			set(m.row(m.masks, k), i)
		}
	}
	for i, e := range ev {
		if k := key(e); k >= 0 {
			copy(m.row(out, i), m.row(m.masks, k))
		}
	}
}

// clearUpTo removes events 0 to i from r.
func clearUpTo(r row, i int) {
	for k := 0; k < i>>6; k++ {
		r[k] = 0
	}
	r[i>>6] &^= 1<<(i&63) | (1<<(i&63) - 1)
}
