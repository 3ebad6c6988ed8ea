package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
	"crosscall/viewer"
)

// A ModelReply is what came of a test under one model.
type ModelReply struct {
	Model  string          `json:"model"`
	Result json.RawMessage `json:"result"` // a line of "crosscall check --json"
	Text   string          `json:"text"`   // as crosscall check prints it, if that is not long
	// Columns name what the final states tell, and States are those, the forbidden ones
	// last. There may be more than these.
	Columns []string `json:"columns,omitempty"`
	States  []State  `json:"states,omitempty"`
	// Sections are pictures, as HTML for the viewer; Decides is the one that decides the
	// condition. NoPicture says why there is none.
	Sections  string   `json:"sections,omitempty"`
	Decides   int      `json:"decides"`
	NoPicture string   `json:"no_picture,omitempty"`
	Error     *Problem `json:"error,omitempty"`
}

// A State is a final state.
type State struct {
	Values    []string `json:"values"`
	Forbidden string   `json:"forbidden,omitempty"` // the check of the model that fails
	Section   int      `json:"section"`             // -1: it has no picture
}

const (
	mostSorted   = 100_000 // states; of more, none is shown
	mostStates   = 500
	mostPictures = 48 // of all models together
)

// check answers a check.
func (a *answerer) check(ctx context.Context, models []*check.Model) *Reply {
	reply := new(Reply)
	for i, m := range models {
		a.progress.Store(&Progress{Model: m.Name, Done: i, Of: len(models)})
		o := check.Options{
			Bound: a.Bound, Timeout: a.share(len(models) - i), Memory: a.limits.Memory, Workers: a.limits.Workers,
			Picture: true, Gallery: max(4, mostPictures/2/len(models)), Executions: &a.executions,
		}
		r := check.Source(ctx, a.File, []byte(a.Source), m, o, a.c())
		reply.Models = append(reply.Models, a.model(r))
	}
	a.oneError(reply)
	return reply
}

// share is the time for one of so many models that are left.
func (a *answerer) share(left int) time.Duration {
	if a.limits.Timeout <= 0 {
		return 0
	}
	rest := (a.limits.Timeout - time.Since(a.begin)) / time.Duration(left)
	return max(rest.Round(10*time.Millisecond), 10*time.Millisecond)
}

// oneError makes an error that all models have that of the reply.
func (a *answerer) oneError(reply *Reply) {
	for _, m := range reply.Models {
		if m.Error == nil || *m.Error != *reply.Models[0].Error {
			return
		}
	}
	reply.Error, reply.Models = reply.Models[0].Error, nil
}

func (a *answerer) model(r *check.Result) ModelReply {
	m := ModelReply{Model: r.Model, NoPicture: r.NoPicture}
	if r.Err != nil {
		m.Error = newProblem(r.Err)
	}
	var line bytes.Buffer
	if err := r.WriteJSON(&line); err != nil {
		m.Error = newProblem(err)
		return m
	}
	m.Result = line.Bytes()
	if r.Err != nil {
		return m
	}
	if r.States() <= mostStates {
		var text strings.Builder
		_ = r.WriteText(&text) // a Builder never fails
		m.Text = text.String()
	}
	p := pictures{all: a.All}
	m.states(r, &p)
	m.Decides = p.deciding(r, m.Decides)
	for i, x := range r.Passing() {
		p.add(x, fmt.Sprintf("nothing goes wrong, %d", i+1))
	}
	m.Sections = p.html()
	return m
}

// states adds the final states, with their pictures.
func (m *ModelReply) states(r *check.Result, p *pictures) {
	m.Columns = r.Observed()
	if r.States() > mostSorted {
		return
	}
	for _, s := range r.Gallery(mostStates) {
		state := State{Values: s.Values, Section: -1}
		if x := s.Execution; x != nil {
			state.Forbidden = x.Violated
			state.Section = p.add(x, strings.Join(x.Final, "; "))
			if x == r.Picture {
				m.Decides = state.Section
			}
		}
		m.States = append(m.States, state)
	}
}

// pictures are sections in their order.
type pictures struct {
	all   bool
	drawn []*graph.Execution
	list  []viewer.Section
}

// add adds a picture, and returns its number; -1 if x cannot be drawn.
func (p *pictures) add(x *graph.Execution, title string) int {
	short := x
	if !p.all {
		short = render.Brief(x)
	}
	copied := *short
	copied.Name = title
	copied.Note = strings.Replace(copied.Note, "--show-all draws them", `"all events" draws them`, 1)
	s, err := render.Section(&copied)
	if err != nil {
		return -1
	}
	p.drawn = append(p.drawn, x)
	p.list = append(p.list, *s)
	return len(p.list) - 1
}

// deciding adds the execution that decides r, unless it is there as number at.
func (p *pictures) deciding(r *check.Result, at int) int {
	x := r.Picture
	if x == nil || at < len(p.drawn) && p.drawn[at] == x {
		return at
	}
	title := strings.Join(x.Final, "; ")
	if x.Failure != nil {
		title = x.Failure.Text
	}
	return max(0, p.add(x, title))
}

func (p *pictures) html() string {
	var b strings.Builder
	if err := viewer.WriteSections(&b, p.list); err != nil {
		return ""
	}
	return b.String()
}
