package proofs

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"crosscall/memmodel/check"
	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
)

// A Printer prints rows as they are emitted: as JSON, a line for each, or as a
// table for each question.
type Printer struct {
	Out  io.Writer
	JSON bool
	// Progress, if not nil, is the terminal for the progress line.
	Progress io.Writer

	Show        bool // draw an execution for each case that fails
	ShowOptions render.TextOptions
	HTML        io.Writer // nil: no page

	begin  time.Time
	live   bool // the progress line is on the screen
	block  []Row
	drawn  []*graph.Execution
	counts counts
}

type counts struct{ all, asExpected, fails, incomplete, errors int }

// Begin starts the clock.
func (p *Printer) Begin() { p.begin = time.Now() }

// Shown shows the progress.
func (p *Printer) Shown(done, all int) {
	p.live = true
	fmt.Fprintf(p.Progress, "\r%d/%d  %.0fs\x1b[K", done, all, time.Since(p.begin).Seconds())
}

func (p *Printer) clear() {
	if p.live {
		p.live = false
		fmt.Fprint(p.Progress, "\r\x1b[K")
	}
}

// Emit prints a row, or keeps it until its question is complete.
func (p *Printer) Emit(r Row) error {
	p.count(&r)
	if r.Picture != nil && p.HTML != nil {
		p.drawn = append(p.drawn, r.Picture)
	}
	if p.JSON {
		p.clear()
		return r.WriteJSON(p.Out)
	}
	var err error
	if len(p.block) > 0 && p.block[0].Question != r.Question {
		err = p.flush()
	}
	p.block = append(p.block, r)
	return err
}

func (p *Printer) count(r *Row) {
	p.counts.all++
	switch {
	case r.Verdict == check.Error:
		p.counts.errors++
	case r.Verdict == check.Incomplete:
		p.counts.incomplete++
	case r.AsExpected():
		p.counts.asExpected++
	}
	if r.Verdict == check.Fails {
		p.counts.fails++
	}
}

func (p *Printer) flush() error {
	if len(p.block) == 0 {
		return nil
	}
	p.clear()
	out := bufio.NewWriter(p.Out)
	writeBlock(out, p.block)
	err := out.Flush()
	if p.Show && err == nil {
		err = p.show()
	}
	p.block = nil
	return err
}

// show draws an execution of each case that fails, under the first such model.
func (p *Printer) show() error {
	last := ""
	for _, r := range p.block {
		name := r.Variant + "\n" + r.Property
		if r.Picture == nil || name == last {
			continue
		}
		last = name
		if err := render.Text(p.Out, r.Picture, p.ShowOptions); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(p.Out); err != nil {
			return err
		}
	}
	return nil
}

// Finish prints the remaining rows and the summary.
func (p *Printer) Finish() error {
	err := p.flush()
	p.clear()
	if !p.JSON {
		_, e := fmt.Fprintln(p.Out, p.summary())
		err = errors.Join(err, e)
	}
	if p.HTML != nil {
		err = errors.Join(err, render.HTML(p.HTML, p.drawn, "What goes wrong, question by question"))
	}
	return err
}

func (p *Printer) summary() string {
	c := p.counts
	s := fmt.Sprintf("%d verdicts: %d as expected", c.all, c.asExpected)
	if n := c.all - c.asExpected - c.incomplete - c.errors; n > 0 {
		s += fmt.Sprintf(", %d not", n)
	}
	if c.incomplete > 0 {
		s += fmt.Sprintf(", %d incomplete", c.incomplete)
	}
	if c.errors > 0 {
		s += fmt.Sprintf(", %d errors", c.errors)
	}
	return s + fmt.Sprintf(". %.1f s.", time.Since(p.begin).Seconds())
}

// Code is the exit code for what was printed: 0 if every verdict is as
// expected, 1 if one is not, 3 if some are not known, 2 if one is an error.
func (p *Printer) Code() int {
	c := p.counts
	switch {
	case c.errors > 0:
		return 2
	case c.asExpected+c.incomplete < c.all:
		return 1
	case c.incomplete > 0:
		return 3
	}
	return 0
}

// A jsonRow is a Row as JSON.
type jsonRow struct {
	Question   string        `json:"question"`
	Variant    string        `json:"variant"`
	Model      string        `json:"model"`
	Property   string        `json:"property"`
	Verdict    check.Verdict `json:"verdict"`
	Executions int64         `json:"executions"`
	Bound      string        `json:"bound"`
	Seconds    float64       `json:"seconds"`
}

// WriteJSON writes r as one line.
func (r *Row) WriteJSON(w io.Writer) error {
	return json.NewEncoder(w).Encode(jsonRow{r.Question, r.Variant, r.Model, r.Property, r.Verdict, r.Executions,
		r.Bound, r.Elapsed.Seconds()})
}
