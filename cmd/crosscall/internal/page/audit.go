package page

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crosscall/memmodel/audit"
	"crosscall/memmodel/check"
)

// An AuditReply is what an audit found.
type AuditReply struct {
	Text     string    `json:"text"` // as crosscall audit prints it
	Promises []Promise `json:"promises"`
	Barriers []Barrier `json:"barriers"`
	Sections string    `json:"sections,omitempty"` // pictures, as HTML for the viewer
	// Incomplete says which limit kept things from being known.
	Incomplete string `json:"incomplete,omitempty"`
}

// A Promise says what becomes, under a model, of what the program promises.
type Promise struct {
	Model   string `json:"model"`
	Outcome string `json:"outcome"` // keeps, breaks, unknown, not applicable, error
	Why     string `json:"why,omitempty"`
	Section int    `json:"section"` // an execution that breaks it; -1: none
}

// A Barrier is one that the audit weakened.
type Barrier struct {
	File     string    `json:"file"`
	Line     int       `json:"line"`
	Col      int       `json:"col"`
	Text     string    `json:"text"`
	Findings []Finding `json:"findings"` // a model each: those that keep the promise
}

// A Finding is what was found of a barrier under a model.
type Finding struct {
	Model   string `json:"model"`
	Status  string `json:"status"`
	Words   string `json:"words"`
	Minimal string `json:"minimal"` // what stands there in the minimal set; "": nothing
	Stays   bool   `json:"stays"`   // the barrier itself does
	Section int    `json:"section"` // an execution that breaks without it; -1: none
}

// oneVariation bounds the exploration of one variation.
const oneVariation = 5 * time.Second

// audit answers an audit.
func (a *answerer) audit(ctx context.Context, models []*check.Model) *Reply {
	var scenarios []audit.Scenario
	if check.IsC(a.File) {
		scenarios = []audit.Scenario{{Options: a.c()}}
	}
	in, err := audit.Parse(a.File, []byte(a.Source), scenarios...)
	if err != nil {
		return &Reply{Error: newProblem(err)}
	}
	o := audit.Options{
		Models: models, Pictures: true, Workers: max(1, a.limits.Workers),
		Check: check.Options{Bound: a.Bound, Timeout: oneVariation, Memory: a.limits.Memory, Executions: &a.executions},
		Progress: func(p audit.Progress) {
			a.progress.Store(&Progress{Done: p.Findings, Of: p.Of, Tries: p.Tries})
		},
	}
	if a.limits.Timeout > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, a.limits.Timeout)
		defer stop()
	}
	report, err := audit.Run(ctx, in, o)
	if err != nil {
		return &Reply{Error: newProblem(err)}
	}
	if p := allWrong(report); p != nil {
		return &Reply{Error: p}
	}
	reply := a.auditReply(report)
	if ctx.Err() != nil {
		reply.Incomplete = fmt.Sprintf("The limit of %v was reached: the rest was not explored.", a.limits.Timeout)
	}
	return &Reply{Audit: reply}
}

// allWrong is what is wrong with a program that no model can be asked about.
func allWrong(r *audit.Report) *Problem {
	for _, m := range r.Models {
		if m.Err == nil {
			return nil
		}
	}
	return newProblem(r.Models[0].Err)
}

func (a *answerer) auditReply(r *audit.Report) *AuditReply {
	var text strings.Builder
	_ = r.WriteText(&text, audit.TextOptions{}) // a Builder never fails
	reply := &AuditReply{Text: text.String()}
	p := pictures{all: a.All}
	for _, m := range r.Models {
		reply.Promises = append(reply.Promises, promise(m, &p))
	}
	for i, s := range r.Sites {
		b := Barrier{File: s.Pos.File, Line: s.Pos.Line, Col: s.Pos.Col, Text: s.Text}
		for _, m := range r.Models {
			if m.Findings != nil {
				b.Findings = append(b.Findings, finding(m, i, s, &p))
			}
		}
		reply.Barriers = append(reply.Barriers, b)
	}
	reply.Sections = p.html()
	return reply
}

func promise(m *audit.ModelReport, p *pictures) Promise {
	said := Promise{Model: m.Model, Outcome: string(m.Promise.Outcome), Why: m.Promise.Why, Section: -1}
	switch {
	case m.NotApplicable:
		said.Outcome, said.Why = "not applicable", m.Err.Error()
	case m.Err != nil:
		said.Outcome, said.Why = "error", m.Err.Error()
	case m.Picture != nil:
		said.Section = p.add(m.Picture, m.Picture.Name)
	}
	return said
}

func finding(m *audit.ModelReport, i int, s audit.Site, p *pictures) Finding {
	f := m.Findings[i]
	said := Finding{Model: m.Model, Status: string(f.Status), Words: f.String(), Section: -1}
	if f.Picture != nil {
		said.Section = p.add(f.Picture, f.Picture.Name)
	}
	if m.Minimal != nil {
		said.Minimal, said.Stays = m.Minimal.Now[i], m.Minimal.Now[i] == s.Name
	}
	return said
}
