package audit

import (
	"io"

	"crosscall/viewer/printable"
)

// A jsonFinding is one line of WriteJSON.
type jsonFinding struct {
	File      string `json:"file"`
	Model     string `json:"model"`
	Promise   string `json:"promise"` // keeps, breaks, unknown, not applicable, error
	Reason    string `json:"reason,omitempty"`
	Scenario  string `json:"scenario,omitempty"` // where the promise is broken, or not known
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	In        string `json:"in,omitempty"` // the file of the place, if it is another
	Primitive string `json:"primitive,omitempty"`
	Source    string `json:"source,omitempty"`

	Finding Status      `json:"finding,omitempty"`
	Flag    string      `json:"flag,omitempty"` // it is needed only because executions get this flag without it
	Instead []string    `json:"instead,omitempty"`
	Same    bool        `json:"same,omitempty"`
	Tried   []jsonTrial `json:"tried,omitempty"`
	// The primitive at this place in the minimal set of the model, and of all
	// models at once.
	Minimal  *string `json:"minimal,omitempty"`
	Together *string `json:"together,omitempty"`
	// MinimalComplete is false if it is not known whether some barrier could still
	// be weaker.
	MinimalComplete *bool `json:"minimal_complete,omitempty"`
}

type jsonTrial struct {
	Replacement string  `json:"replacement"`
	Outcome     Outcome `json:"outcome"`
	Scenario    string  `json:"scenario,omitempty"` // where it is broken, or not known
	Flag        string  `json:"flag,omitempty"`
	Reason      string  `json:"reason,omitempty"`
	Seconds     float64 `json:"seconds"`
}

// WriteJSON writes objects, one on a line: one for each site and model, and one
// for each model under which the program was not audited. The replacement "" is
// no primitive.
func (r *Report) WriteJSON(w io.Writer) error {
	for _, m := range r.Models {
		if !m.audits() || len(r.Sites) == 0 {
			if err := printable.WriteJSON(w, r.jsonModel(m)); err != nil {
				return err
			}
			continue
		}
		for i, s := range r.Sites {
			if err := printable.WriteJSON(w, r.jsonSite(m, i, s)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Report) jsonModel(m *ModelReport) *jsonFinding {
	j := &jsonFinding{File: r.File, Model: m.Model, Promise: string(m.Promise.Outcome), Reason: m.Promise.Why, Scenario: m.Promise.In}
	switch {
	case m.Promise.Vacuous:
		j.Promise = "vacuous"
	case m.NotApplicable:
		j.Promise, j.Reason = "not applicable", m.Err.Error()
	case m.Err != nil:
		j.Promise, j.Reason = "error", m.Err.Error()
	}
	return j
}

func (r *Report) jsonSite(m *ModelReport, i int, s Site) *jsonFinding {
	f := m.Findings[i]
	j := r.jsonModel(m)
	j.Line, j.Column, j.Primitive, j.Source = s.Pos.Line, s.Pos.Col, s.Name, s.Line
	if !r.input.isOwn(s.Pos.File) {
		j.In = s.Pos.File
	}
	j.Finding, j.Flag, j.Instead, j.Same, j.Reason = f.Status, f.Race(), f.Instead, f.Same, f.Why
	for _, t := range f.Trials {
		j.Tried = append(j.Tried, jsonTrial{t.Replacement, t.Outcome, t.In, t.Flag, t.Why, t.Elapsed.Seconds()})
	}
	if m.Minimal != nil {
		j.Minimal, j.MinimalComplete = &m.Minimal.Now[i], &m.Minimal.Complete
	}
	if r.Together != nil {
		j.Together = &r.Together.Now[i]
	}
	return j
}

// Counts summarize an audit, for an exit code.
type Counts struct {
	Broken, Incomplete, Errors int // models, or findings of them
	Applicable                 int // models with all primitives of the program
}

// Count returns the report's counts.
func (r *Report) Count() (c Counts) {
	for _, m := range r.Models {
		switch {
		case m.NotApplicable:
			continue
		case m.Err != nil:
			c.Errors++
		case m.Promise.Outcome == Breaks:
			c.Broken++
		case m.Promise.Outcome == Unknown:
			c.Incomplete++
		}
		c.Applicable++
		for _, f := range m.Findings {
			if f.Status == NotKnown {
				c.Incomplete++
			}
		}
		if m.Minimal != nil && !m.Minimal.Complete {
			c.Incomplete++
		}
	}
	if r.Together != nil && !r.Together.Complete {
		c.Incomplete++
	}
	return c
}
