package gocheck

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"crosscall/gocheck/internal/draw"
)

// SVG draws the schedule: a column for each goroutine, a box for each step, in
// their order.
func (f *Failure) SVG(w io.Writer, title string) error { return draw.SVG(w, f.schedule(title)) }

// HTML writes a page with the picture, the schedule as a table and the seed.
func (f *Failure) HTML(w io.Writer, title string) error { return draw.HTML(w, f.schedule(title)) }

func (f *Failure) schedule(title string) *draw.Schedule {
	s := &draw.Schedule{Title: title, Notes: []string{"seed: " + f.Seed}}
	if f.Kind != "" {
		s.Failure = fmt.Sprintf("%s: %s", f.Kind, f.Message)
	}
	if f.Stack != "" {
		s.Notes = append(s.Notes, f.Stack)
	}
	columns := f.columns(s)
	for i, step := range f.Steps {
		s.Rows = append(s.Rows, draw.Row{Number: i + 1, Column: columns[step.Goroutine], Text: step.Text, Place: step.place(), Style: step.style()})
	}
	f.link(s)
	if failing := func(r draw.Row) bool { return r.Style == draw.Failing }; f.Kind != "" && !slices.ContainsFunc(s.Rows, failing) {
		s.Rows = append(s.Rows, draw.Row{Column: -1, Text: s.Failure, Style: draw.Failing})
	}
	return s
}

// columns makes a column for each goroutine that takes a step, and for the body.
func (f *Failure) columns(s *draw.Schedule) map[int]int {
	steps := map[int]bool{0: true}
	for _, step := range f.Steps {
		steps[step.Goroutine] = true
	}
	columns := map[int]int{}
	for g, t := range f.threads {
		if !steps[g] {
			continue
		}
		columns[g] = len(s.Columns)
		c := draw.Column{Name: t.Name, Started: "the body"}
		if g > 0 {
			c.Started = fmt.Sprintf("started at %v", t.At)
		}
		s.Columns = append(s.Columns, c)
	}
	return columns
}

func (s Step) style() draw.Style {
	switch {
	case s.step.Failed:
		return draw.Failing
	case s.step.Remark:
		return draw.Remark
	case s.step.Plain:
		return draw.Plain
	}
	return draw.Step
}

// link joins the two steps of a failure that has two.
func (f *Failure) link(s *draw.Schedule) {
	if f.raced[0] == f.raced[1] {
		return
	}
	for _, i := range f.raced {
		s.Rows[i].Style = draw.Failing
	}
	s.Links = []draw.Link{{From: f.raced[0], To: f.raced[1], Label: string(f.Kind)}}
}

// writePicture writes f as SVG, or as HTML if the file's name says so.
func writePicture(name string, f *Failure, title string) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if strings.HasSuffix(name, ".html") {
		return f.HTML(file, title)
	}
	return f.SVG(file, title)
}
