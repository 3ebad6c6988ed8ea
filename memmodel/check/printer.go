package check

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
	"crosscall/viewer/printable"
)

// Format is the form in which a Printer prints each result.
type Format uint8

const (
	Text    Format = iota // as herd7; a table if there are several models
	JSON                  // a line for each
	Nothing               // the summary only
)

// A Printer prints the rows of a Batch as they are emitted, and then the table
// and the summary.
type Printer struct {
	Out, Err  io.Writer
	Format    Format
	Models    []string
	Expect    *Expectations // nil: the tests' own "Result:" comments
	SummaryTo io.Writer     // nil: no summary
	Watched   bool          // on a terminal: each row is written to Out at once
	ErrWidth  int           // columns of the terminal that Err is; 0 is 80

	Show           bool               // draw each picture as text
	ShowAll        bool               // and nothing is left out of pictures of many events
	ShowOptions    render.TextOptions // its Width is the table's, too
	DOT, SVG, HTML io.Writer          // nil: none; SVG takes one picture only

	// Found, if not nil, is called with each result and the expected one.
	Found func(*Result, Expected)

	Counts  map[Verdict]int
	NotRun  int // files that were not run because of an interrupt; they count as incomplete
	Summary *Summary

	resumed int // files whose results are from the journal, and are not printed
	out     *bufio.Writer
	table   *table
	drawn   []*graph.Execution
	models  []string        // of what is drawn
	sources []render.Source // of what is drawn
	begin   time.Time
	live    bool // the progress line is on the screen
}

// Begin prepares p, and starts the clock of the summary.
func (p *Printer) Begin() {
	p.out = bufio.NewWriterSize(p.Out, 1<<16)
	p.begin = time.Now()
	p.Counts = map[Verdict]int{}
	p.Summary = new(Summary)
	if p.Format == Text && len(p.Models) > 1 {
		p.table = newTable(p.Models, p.ShowOptions.Width)
	}
}

// Progress shows the progress of a Batch. all is the number of its files.
func (p *Printer) Progress(all int, now Progress) {
	p.live = true
	elapsed := time.Since(p.begin).Seconds()
	line := fmt.Sprintf("%d/%d", now.Done, all)
	for _, v := range []Verdict{Fails, Incomplete, Vacuous, Error} {
		if n := p.Counts[v]; n > 0 {
			line += fmt.Sprintf("  %s %d", v, n)
		}
	}
	line += fmt.Sprintf("  %.0fs%s  %d executions%s, %.0f a second  %s", elapsed, left(now.Done, all, elapsed),
		now.Executions, of(now.Of), float64(now.Executions)/elapsed, printable.Text(now.File.Rel))
	fmt.Fprintf(p.Err, "\r%s\x1b[K", cutOff(line, cmp.Or(p.ErrWidth, defaultWidth)-1))
}

// of words how many executions there are, if that can be estimated.
func of(e *Estimate) string {
	switch {
	case e == nil:
		return ""
	case e.Doubt() != "":
		return " (of how many cannot be estimated)"
	}
	return " of some " + rounded(e.Executions, e.Error)
}

// defaultWidth is that of a terminal whose width is not known.
const defaultWidth = 80

// cutOff is s as far as it fits: a line that wraps cannot be overwritten.
func cutOff(s string, width int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), max(width, 0))])
}

// left estimates the seconds that are left, if a tenth is done. Tests differ too much for
// an earlier estimate.
func left(done, all int, elapsed float64) string {
	if done == 0 || done*10 < all {
		return ""
	}
	return fmt.Sprintf(" of some %.0fs", elapsed*float64(all)/float64(done))
}

func (p *Printer) clearProgress() {
	if p.live {
		p.live = false
		fmt.Fprint(p.Err, "\r\x1b[K")
	}
}

// Emit prints a row.
func (p *Printer) Emit(row *Row) error {
	p.clearProgress()
	if row.NotRun {
		p.NotRun++
		return nil
	}
	p.complain(row)
	for _, r := range row.Results {
		e := p.expected(row, r)
		if !r.NotApplicable || len(p.Models) < 2 {
			p.Counts[r.Verdict]++
		}
		p.Summary.Add(r, e)
		if p.Found != nil {
			p.Found(r, e)
		}
	}
	if row.Resumed && p.Format == Text && p.table == nil {
		p.resumed++
	}
	if p.table != nil {
		p.table.Add(row)
	}
	for _, r := range row.Results {
		if err := p.result(row, r); err != nil {
			return err
		}
	}
	if p.Watched {
		return p.out.Flush()
	}
	return nil
}

// expected is what somebody says of a result: the table, or the test itself.
func (p *Printer) expected(row *Row, r *Result) Expected {
	switch {
	case p.Expect != nil:
		return p.Expect.Of(row.File)
	case r.Safety:
		return parseSaidInC(row.Said, r.Model)
	}
	return parseSaid(row.Said)
}

// complain prints errors at once, each only once. If one of several models
// lacks a primitive, that is no error: the table, or the line of JSON, says so.
func (p *Printer) complain(row *Row) {
	told := ""
	for _, r := range row.Results {
		if r.Verdict == Incomplete && !r.hasText() && !row.Resumed && r.Reason != told {
			told = r.Reason
			fmt.Fprintln(p.Err, printable.Text(r.File+": incomplete: "+told)) // it has no text
		}
		if r.Err == nil || r.Err.Error() == told || r.NotApplicable && len(p.Models) > 1 {
			continue
		}
		told = r.Err.Error()
		fmt.Fprintln(p.Err, printable.Text(told))
	}
}

func (p *Printer) result(row *Row, r *Result) error {
	switch {
	case p.Format == JSON:
		if err := r.WriteJSON(p.out); err != nil {
			return err
		}
	case p.Format == Text && p.table == nil:
		if err := r.WriteText(p.out); err != nil {
			return err
		}
	}
	if r.Picture == nil {
		return p.noPicture(r)
	}
	if !p.ShowAll {
		r.Picture = render.Brief(r.Picture)
	}
	r.Picture.Name = p.title(r)
	if p.DOT != nil || p.SVG != nil || p.HTML != nil {
		p.drawn = append(p.drawn, r.Picture)
		if !slices.Contains(p.models, r.Model) {
			p.models = append(p.models, r.Model)
		}
		p.addSource(render.Source{File: filepath.ToSlash(r.File), Text: row.source})
	}
	if !p.Show {
		return nil
	}
	if err := render.Text(p.out, r.Picture, p.ShowOptions); err != nil {
		return err
	}
	return p.out.WriteByte('\n')
}

// addSource keeps a source for the page, once.
func (p *Printer) addSource(s render.Source) {
	if p.HTML != nil && !slices.Contains(p.sources, s) {
		p.sources = append(p.sources, s)
	}
}

func (p *Printer) noPicture(r *Result) error {
	if !p.Show || r.NoPicture == "" {
		return nil
	}
	_, err := fmt.Fprintf(p.out, "%s: nothing to show: %s\n\n", p.title(r), r.NoPicture)
	return err
}

// title is the title of a result's picture.
func (p *Printer) title(r *Result) string {
	if len(p.Models) > 1 {
		return r.Test + " under " + r.Model
	}
	return r.Test
}

// Finish prints the table, what was left out, the summary, and the pictures.
func (p *Printer) Finish() error {
	p.clearProgress()
	var errs []error
	if p.table != nil {
		errs = append(errs, p.table.WriteText(p.out))
	}
	errs = append(errs, p.out.Flush(), p.reportLeftOut())
	if p.SummaryTo != nil {
		errs = append(errs, p.Summary.WriteText(p.SummaryTo, time.Since(p.begin)))
	}
	return errors.Join(append(errs, p.writePictures())...)
}

// reportLeftOut says what was not printed.
func (p *Printer) reportLeftOut() (err error) {
	if p.resumed > 0 {
		_, err = fmt.Fprintf(p.Err, "Resumed: %d of the tests were done before and are not printed again; --json prints all\n", p.resumed)
	}
	if p.NotRun > 0 && err == nil {
		_, err = fmt.Fprintf(p.Err, "Interrupted: %d tests were not run\n", p.NotRun)
	}
	return err
}

func (p *Printer) writePictures() error {
	var errs []error
	for _, x := range p.drawn {
		if p.DOT != nil {
			errs = append(errs, render.DOT(p.DOT, x))
		}
		if p.SVG != nil {
			errs = append(errs, render.SVG(p.SVG, x))
		}
	}
	if p.HTML != nil {
		errs = append(errs, render.HTML(p.HTML, p.drawn, p.pageTitle(), p.sources...))
	}
	return errors.Join(errs...)
}

// pageTitle is that of the page of pictures: the test, if there is one.
func (p *Printer) pageTitle() string {
	what := "No picture"
	if len(p.sources) > 1 {
		what = fmt.Sprintf("%d tests", len(p.sources))
	}
	if len(p.sources) == 1 {
		what = filepath.Base(p.sources[0].File)
	}
	if p.models != nil {
		what += " under " + strings.Join(p.models, ", ")
	}
	return what
}
