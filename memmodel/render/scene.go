package render

import (
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
)

// A scene is what there is to draw of an execution, before anything has a
// place.
type scene struct {
	x       *graph.Execution
	nodes   []node  // in the order of the events
	inits   []int   // the nodes above the threads
	threads [][]int // the nodes of each thread in program order
	edges   []edge
	cycle   []step // why the model forbids the execution
	nodeOf  []int  // the node of each event that has one
}

// A node is one event, or the two halves of taking a lock.
type node struct {
	events []int
	name   string // "a"; "ix" for the initial write of x
	thread int
	row    int // place in the thread
	text   string
	what   string // "W[once] x=1"
	line   int    // 0 if unknown
	cycle  bool   // an edge of the cycle touches it
}

// An edge joins two nodes.
type edge struct {
	from, to int
	kind     kind
	label    string
	cycle    bool
	straight bool // the next event of the thread: it takes the place of po
}

// A step is an edge of the cycle, by node.
type step struct {
	from, to int
	label    string
}

// fewInits is up to how many initial writes are drawn even if no edge touches
// them: they say what the program starts from.
const fewInits = 4

// newScene fails if x points at what is not there.
func newScene(x *graph.Execution) (*scene, error) {
	if err := validate(x); err != nil {
		return nil, err
	}
	s := &scene{x: x, threads: make([][]int, x.Threads), nodeOf: make([]int, len(x.Events))}
	links := collectLinks(x)
	drawn := drawnInits(x, links)
	for i := 0; i < len(x.Events); i++ {
		if x.Events[i].Thread == graph.InitThread && !drawn[i] {
			continue
		}
		events := []int{i}
		if locks(x, i) {
			events = append(events, i+1)
		}
		for _, e := range events {
			s.nodeOf[e] = len(s.nodes)
		}
		s.addNode(events)
		i += len(events) - 1
	}
	s.addEdges(links)
	for _, e := range cycleOf(x) {
		s.cycle = append(s.cycle, step{s.nodeOf[e.From], s.nodeOf[e.To], clean(e.Label)})
	}
	return s, nil
}

func (s *scene) addNode(events []int) {
	e := s.x.Events[events[0]]
	n := node{events: events, thread: e.Thread, line: e.Pos.Line}
	n.what = what(s.x, events)
	n.text = clean(e.Text)
	if e.Thread == graph.InitThread {
		n.name = "i" + location(s.x, events[0])
		n.row = len(s.inits)
		n.text = location(s.x, events[0])
		if v := value(s.x, events[0]); v != "" {
			n.text += "=" + v
		}
		s.inits = append(s.inits, len(s.nodes))
	} else {
		n.name = letter(len(s.nodes) - len(s.inits))
		n.row = len(s.threads[e.Thread])
		s.threads[e.Thread] = append(s.threads[e.Thread], len(s.nodes))
	}
	s.nodes = append(s.nodes, n)
}

// letter is the name of the i-th event: a to z, then a1 to z1, and so on.
func letter(i int) string {
	name := string(rune('a' + i%26))
	if i >= 26 {
		name += strconv.Itoa(i / 26)
	}
	return name
}

// addEdges draws po and links. Of the edges between an event and the next one
// of its thread, the most telling is drawn in the place of po.
func (s *scene) addEdges(links []link) {
	direct := map[[2]int]int{} // the straight edge of a pair of nodes
	for _, t := range s.threads {
		for i := 1; i < len(t); i++ {
			direct[[2]int{t[i-1], t[i]}] = len(s.edges)
			s.edges = append(s.edges, edge{from: t[i-1], to: t[i], kind: po, straight: true})
		}
	}
	for _, l := range links {
		e := edge{from: s.nodeOf[l.From], to: s.nodeOf[l.To], kind: l.kind, label: clean(l.label), cycle: l.cycle}
		if e.cycle {
			s.nodes[e.from].cycle, s.nodes[e.to].cycle = true, true
		}
		if e.from == e.to && l.From != l.To {
			continue // inside a lock's box
		}
		if at, ok := direct[[2]int{e.from, e.to}]; ok && s.edges[at].kind == po && !s.edges[at].cycle &&
			(e.cycle || e.kind == rmw) {
			e.straight = true
			s.edges[at] = e
			continue
		}
		s.edges = append(s.edges, e)
	}
}

// locks reports whether events i and i+1 are the halves of taking one lock,
// and nothing to be told lies between them.
func locks(x *graph.Execution, i int) bool {
	if i+1 >= len(x.Events) {
		return false
	}
	r, w := x.Events[i], x.Events[i+1]
	if r.Kind != graph.LockRead || w.Kind != graph.LockWrite || r.Thread != w.Thread || r.Loc != w.Loc {
		return false
	}
	for _, e := range x.RMW {
		if (e.From == i) != (e.To == i+1) {
			return false
		}
	}
	for _, e := range cycleOf(x) {
		if e.From != e.To && within(e.Edge, i) {
			return false
		}
	}
	return true
}

// within reports whether both ends of e are among events i and i+1.
func within(e graph.Edge, i int) bool {
	return (e.From == i || e.From == i+1) && (e.To == i || e.To == i+1)
}

// drawnInits says which initial writes get a box.
func drawnInits(x *graph.Execution, links []link) map[int]bool {
	drawn := map[int]bool{}
	var all []int
	for i, e := range x.Events {
		if e.Thread == graph.InitThread {
			all = append(all, i)
		}
	}
	if len(all) <= fewInits {
		for _, i := range all {
			drawn[i] = true
		}
	}
	for _, l := range links {
		drawn[l.From], drawn[l.To] = true, true
	}
	return drawn
}

// what says what an event is in the terms of the model: "R[acquire] x=1".
func what(x *graph.Execution, events []int) string {
	i := events[0]
	e := x.Events[i]
	b := kindName(e.Kind)
	if len(events) == 2 {
		b = "LK"
	}
	if len(e.Tags) > 0 {
		b += "[" + clean(strings.Join(e.Tags, ",")) + "]"
	}
	if e.Loc != graph.NoLoc {
		b += " " + location(x, i)
	}
	if v := value(x, i); v != "" && len(events) == 1 {
		if e.Loc != graph.NoLoc {
			b += "="
		} else {
			b += " "
		}
		b += v
	}
	return b
}

func kindName(k graph.Kind) string {
	switch k {
	case graph.Read:
		return "R"
	case graph.Write:
		return "W"
	case graph.Fence:
		return "F"
	case graph.LockRead:
		return "LKR"
	case graph.LockWrite:
		return "LKW"
	case graph.Unlock:
		return "UL"
	case graph.LockFail:
		return "LF"
	case graph.SeeLock:
		return "RL"
	case graph.SeeFree:
		return "RU"
	}
	return "?"
}

func location(x *graph.Execution, i int) string {
	if l := x.Events[i].Loc; l != graph.NoLoc {
		return clean(x.Locs[l])
	}
	return ""
}

func value(x *graph.Execution, i int) string {
	if i < len(x.Values) {
		return clean(x.Values[i])
	}
	return ""
}
