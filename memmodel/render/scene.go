package render

import (
	"slices"
	"strconv"
	"strings"

	"crosscall/memmodel/graph"
)

// A scene is what there is to draw of an execution, before anything has a
// place.
type scene struct {
	x       *graph.Execution
	nodes   []node  // in the order of the events
	letters int     // names that were given
	inits   []int   // the nodes above the threads
	threads [][]int // the nodes of each thread in program order
	edges   []edge
	why     []graph.LabelledEdge // what the picture points at
	cycle   []step               // the same by node
	orders  bool                 // the cycle is one that no interleaving has, and that the model allows
	where   func(graph.Pos) string
	nodeOf  []int // the node of each event that has one
}

// A node is one event, or the two halves of taking a lock.
type node struct {
	events []int
	name   string // "a"; "ix" for the initial write of x
	thread int
	row    int // place in the thread
	text   string
	what   string // "W[once] x=1"
	where  string // "line 7" or "list.h:7"; "" if unknown
	cycle  bool   // it decides: an edge of the cycle touches it, or a failure
	failed bool   // it is what goes wrong, and has no events
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
	s := &scene{x: x, threads: make([][]int, x.Threads), nodeOf: make([]int, len(x.Events)), where: wheres(x)}
	s.why, s.orders = decisive(x)
	links := collectLinks(x, s.why)
	drawn := drawnInits(x, links)
	for i := 0; i < len(x.Events); i++ {
		if x.Events[i].Thread == graph.InitThread && !drawn[i] {
			continue
		}
		s.failsBefore(i)
		events := boxOf(x, i, s.why)
		for _, e := range events {
			s.nodeOf[e] = len(s.nodes)
		}
		s.addNode(events)
		i += len(events) - 1
	}
	s.failsBefore(len(x.Events))
	s.addEdges(links)
	for _, e := range s.why {
		s.cycle = append(s.cycle, step{s.nodeOf[e.From], s.nodeOf[e.To], clean(e.Label)})
	}
	return s, nil
}

// failsBefore puts what goes wrong behind the last event that decides it, or behind the
// last of its thread, if that is the event before i.
func (s *scene) failsBefore(i int) {
	f := s.x.Failure
	if f == nil || f.Thread < 0 || i == 0 {
		return
	}
	after := -1
	for _, e := range f.Events {
		if s.x.Events[e].Thread == f.Thread {
			after = max(after, e)
		}
	}
	behind := s.x.Events[i-1].Thread <= f.Thread && (i == len(s.x.Events) || s.x.Events[i].Thread > f.Thread)
	if after >= 0 {
		behind = slices.Contains(s.lastEvents(), after)
	}
	if done := slices.ContainsFunc(s.nodes, func(n node) bool { return n.failed }); !behind || done {
		return
	}
	n := node{thread: f.Thread, row: len(s.threads[f.Thread]), name: "!", text: clean(f.Text), where: s.where(f.Pos), cycle: true, failed: true}
	s.threads[f.Thread] = append(s.threads[f.Thread], len(s.nodes))
	s.nodes = append(s.nodes, n)
}

// lastEvents are those of the last box.
func (s *scene) lastEvents() []int {
	if len(s.nodes) == 0 {
		return nil
	}
	return s.nodes[len(s.nodes)-1].events
}

func (s *scene) addNode(events []int) {
	e := s.x.Events[events[0]]
	n := node{events: events, thread: e.Thread}
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
		n.where = s.where(e.Pos)
		n.name = letter(s.letters)
		s.letters++
		n.row = len(s.threads[e.Thread])
		s.threads[e.Thread] = append(s.threads[e.Thread], len(s.nodes))
	}
	if s.x.Failure != nil {
		n.cycle = slices.ContainsFunc(events, func(e int) bool { return slices.Contains(s.x.Failure.Events, e) })
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
			continue // inside a box
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

// what describes an event in the terms of the model: "R[acquire] x=1".
func what(x *graph.Execution, events []int) string {
	i := events[0]
	e := x.Events[i]
	if len(events) > 1 && e.Kind != graph.LockRead {
		return operation(x, events)
	}
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
