package gocheck

import (
	"bufio"
	"errors"
	"os"
	"strings"

	"crosscall/gocheck/internal/sched"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
)

// Execution is the failure as a graph, for package render: each operation an
// event, a read-modify-write a read and a write. Go's atomics are sequentially
// consistent, so a read reads from the last write before it in the schedule, and
// that is the order of writes too.
func (f *Failure) Execution(name string) *graph.Execution {
	p := picture{f: f, x: &graph.Execution{Name: name, Threads: f.threads}, locs: map[location]int{}}
	p.locate()
	p.add()
	p.order()
	p.x.Final = []string{string(f.Kind) + ": " + f.Message}
	return p.x
}

type location struct {
	id    int
	plain bool
}

type picture struct {
	f      *Failure
	x      *graph.Execution
	locs   map[location]int
	events [][]int // of each step
}

// locate makes the locations and their initial writes.
func (p *picture) locate() {
	for _, s := range p.f.Steps {
		l := location{s.step.Object, s.step.Plain}
		if _, ok := p.locs[l]; ok || l.id < 0 {
			continue
		}
		i := len(p.x.Locs)
		p.locs[l] = i
		name := plainName(l.id)
		if !l.plain {
			name = p.f.objects[l.id].Name
		}
		p.x.Locs = append(p.x.Locs, name)
		p.x.CO = append(p.x.CO, []int{i})
		p.event(graph.Event{Thread: graph.InitThread, Kind: graph.Write, Loc: i}, "")
	}
}

func (p *picture) event(e graph.Event, value string) int {
	p.x.Events = append(p.x.Events, e)
	p.x.Values = append(p.x.Values, value)
	p.x.RF = append(p.x.RF, -1)
	return len(p.x.Events) - 1
}

// add makes the events, thread by thread.
func (p *picture) add() {
	p.events = make([][]int, len(p.f.Steps))
	for t := range p.x.Threads {
		for i, s := range p.f.Steps {
			if s.Goroutine == t {
				p.events[i] = p.step(s)
			}
		}
	}
}

func (p *picture) step(s Step) []int {
	e := graph.Event{Thread: s.Goroutine, Kind: graph.Fence, Loc: graph.NoLoc, Text: s.Text}
	e.Pos = graph.Pos{File: s.File, Line: s.Line}
	if s.step.Object < 0 {
		return []int{p.event(e, "")}
	}
	e.Loc = p.locs[location{s.step.Object, s.step.Plain}]
	if s.step.Plain {
		e.Tags = []string{"plain"}
	}
	var made []int
	if s.step.Reads {
		e.Kind = readKind(s.step)
		made = append(made, p.event(e, s.step.Read))
	}
	if s.step.Writes {
		e.Kind = writeKind(s.step)
		made = append(made, p.event(e, s.step.Written))
	}
	if len(made) == 2 {
		p.x.RMW = append(p.x.RMW, graph.Edge{From: made[0], To: made[1]})
	}
	return made
}

func readKind(s sched.Step) graph.Kind {
	if s.Op == "Lock" {
		return graph.LockRead
	}
	return graph.Read
}

func writeKind(s sched.Step) graph.Kind {
	switch s.Op {
	case "Lock":
		return graph.LockWrite
	case "Unlock":
		return graph.Unlock
	}
	return graph.Write
}

// order follows the schedule for who reads from whom.
func (p *picture) order() {
	for _, made := range p.events {
		for _, i := range made {
			e := p.x.Events[i]
			if e.Loc == graph.NoLoc {
				continue
			}
			writes := p.x.CO[e.Loc]
			if e.Kind.Writes() {
				p.x.CO[e.Loc] = append(writes, i)
			} else {
				p.x.RF[i] = writes[len(writes)-1]
			}
		}
	}
	if r := p.f.raced; r[0] != r[1] {
		e := graph.Edge{From: p.events[r[0]][0], To: p.events[r[1]][0]}
		p.x.Flagged = []graph.LabelledEdge{{Edge: e, Label: "race"}}
	}
}

// writePicture writes f as SVG, or as HTML if the file's name says so.
func writePicture(name string, f *Failure, title string) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := bufio.NewWriter(file)
	x := f.Execution(title)
	if strings.HasSuffix(name, ".html") {
		err = render.HTML(w, []*graph.Execution{x}, title)
	} else {
		err = render.SVG(w, x)
	}
	return errors.Join(err, w.Flush())
}
