package audit

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/render"
	"crosscall/viewer/printable"
)

// TextOptions are the options of WriteText. The zero value is a table without
// pictures.
type TextOptions struct {
	Show   bool // draw the executions of findings
	Render render.TextOptions
}

// WriteText writes the report as text: whether the promise is kept under each
// model, a table with the findings for each barrier, and the minimal sets. If an
// execution of the unchanged program breaks the promise, it is drawn in any case.
func (r *Report) WriteText(w io.Writer, o TextOptions) error {
	b := bufio.NewWriter(w)
	for _, said := range grouped(r.Models, r.promise) {
		fmt.Fprintf(b, "%s under %s: %s\n", printable.Text(r.File), strings.Join(said.models, ", "), printable.Text(said.text))
	}
	for _, m := range r.Models {
		if m.Picture != nil {
			fmt.Fprintln(b)
			if err := render.Text(b, m.Picture, o.Render); err != nil {
				return err
			}
		}
	}
	audited := r.audited()
	switch {
	case len(audited) == 0:
		return b.Flush()
	case len(r.Sites) == 0:
		b.WriteString(r.nothingAudited())
		return b.Flush()
	}
	var tables strings.Builder
	r.table(&tables, audited, func(m *ModelReport, i int) string { return m.Findings[i].String() })
	r.minimalText(&tables, audited)
	r.others(&tables)
	fmt.Fprintf(b, "\n%s", printable.Text(tables.String()))
	if o.Show {
		for _, g := range r.Pictures() {
			fmt.Fprintln(b)
			if err := render.Text(b, g, o.Render); err != nil {
				return err
			}
		}
	}
	return b.Flush()
}

// nothingAudited is the text of a report without sites.
func (r *Report) nothingAudited() string {
	if len(r.Others) == 0 {
		return "\nThere is no barrier that could be weakened.\n"
	}
	var b strings.Builder
	b.WriteString("\nNothing was audited.\n")
	r.others(&b)
	return printable.Text(b.String())
}

// Pictures returns the executions of the findings, by place.
func (r *Report) Pictures() (list []*graph.Execution) {
	for _, m := range r.Models {
		if m.Picture != nil {
			list = append(list, m.Picture)
		}
	}
	for i := range r.Sites {
		for _, m := range r.audited() {
			if g := m.Findings[i].Picture; g != nil {
				list = append(list, g)
			}
		}
	}
	return list
}

// audited are the models under which the program was audited.
func (r *Report) audited() (list []*ModelReport) {
	for _, m := range r.Models {
		if m.audits() {
			list = append(list, m)
		}
	}
	return list
}

const needsPromise = "; audit needs a program that holds"

func (r *Report) promise(m *ModelReport) string {
	in := ""
	if m.Promise.In != "" {
		in = " in " + m.Promise.In
	}
	switch {
	case m.NotApplicable:
		return "not applicable: " + m.Err.Error()
	case m.Err != nil:
		return "error: " + m.Err.Error()
	case m.Promise.Vacuous:
		return "holds in vain" + in + ": " + m.Promise.Why + needsPromise
	case m.Promise.Outcome == Unknown:
		return "not known to hold" + in + ": " + m.Promise.Why + needsPromise
	case m.Promise.Outcome == Breaks:
		return "fails before any change" + in + ": " + m.broken() + needsPromise
	case m.Promise.Flag != "":
		return fmt.Sprintf("holds, but for a %s%s: %s", m.Promise.Flag, in, m.kept())
	}
	return "holds: " + m.kept()
}

// kept describes the promise of a program that keeps it.
func (m *ModelReport) kept() string {
	switch {
	case m.test.Safety:
		return "no execution fails"
	case seeks(m.test):
		return "never observed, " + m.test.CondText
	}
	return m.test.CondText
}

// broken says how the program breaks its promise.
func (m *ModelReport) broken() string {
	switch {
	case m.Promise.Why != "":
		return m.Promise.Why
	case m.test.Safety:
		return "an execution fails"
	case seeks(m.test):
		return "observed, " + m.test.CondText
	}
	return "false, " + m.test.CondText
}

// String is a finding in words, to which "on:" and the names of models can be added.
func (f *Finding) String() string {
	does := make([]string, len(f.Instead))
	for i, s := range f.Instead {
		does[i] = words(s)
	}
	instead := strings.Join(does, " or ")
	switch f.Status {
	case Needed:
		if race := f.Race(); race != "" {
			return "needed (" + race + " without it)"
		}
	case Weaker:
		return "could be " + instead
	case NotNeeded:
		switch {
		case f.Instead[0] == nothing && f.Same:
			return "does nothing"
		case f.Same:
			return "no different from " + instead
		case f.Instead[0] != nothing:
			return "not needed, " + instead + " does"
		}
	case NotKnown:
		if instead != "" {
			return fmt.Sprintf("could be %s at least, not known: %s", instead, f.Why)
		}
		return "not known: " + f.Why
	}
	return string(f.Status)
}

// table writes a line for each site, with the text of say for each model.
// Models with the same text are named together.
func (r *Report) table(w io.Writer, models []*ModelReport, say func(m *ModelReport, site int) string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, s := range r.Sites {
		place, text := r.place(s), s.Text
		for _, said := range together(models, func(m *ModelReport) string { return say(m, i) }) {
			fmt.Fprintf(t, "  %s\t%s\t%s\n", place, text, said)
			place, text = "", ""
		}
	}
	t.Flush()
}

// place is where a site is; the file is named if it is another.
func (r *Report) place(s Site) string {
	if r.input.isOwn(s.Pos.File) {
		return fmt.Sprintf("%d:%d", s.Pos.Line, s.Pos.Col)
	}
	return fmt.Sprintf("%s:%d:%d", s.Pos.File, s.Pos.Line, s.Pos.Col)
}

// A saying is a text, and the models that it is about.
type saying struct {
	text   string
	models []string
}

func grouped(models []*ModelReport, say func(*ModelReport) string) (list []saying) {
	for _, m := range models {
		text := say(m)
		i := slices.IndexFunc(list, func(s saying) bool { return s.text == text })
		if i < 0 {
			i = len(list)
			list = append(list, saying{text: text})
		}
		list[i].models = append(list[i].models, m.Model)
	}
	return list
}

func together(models []*ModelReport, say func(*ModelReport) string) (lines []string) {
	list := grouped(models, say)
	slices.SortStableFunc(list, func(x, y saying) int { return rank(x.text) - rank(y.text) })
	for _, s := range list {
		if len(models) > 1 {
			s.text += " on: " + strings.Join(s.models, ", ")
		}
		lines = append(lines, s.text)
	}
	return lines
}

// rank orders texts: those of findings that need the strongest barrier come first.
func rank(said string) int {
	for i, prefix := range []string{"needed", "stays", "could be", "becomes", "not known", "not reached"} {
		if strings.HasPrefix(said, prefix) {
			return i
		}
	}
	return 6
}

// minimalText writes the minimal sets.
func (r *Report) minimalText(w io.Writer, audited []*ModelReport) {
	const sure = "none of it can be weakened further, given the rest"
	if len(audited) == 1 {
		fmt.Fprintf(w, "\nMinimal set, %s: %s\n", sure, r.counted(audited[0].Minimal))
	} else {
		fmt.Fprintf(w, "\nMinimal sets, each for one model; %s:\n", sure)
		for _, s := range grouped(audited, func(m *ModelReport) string { return r.counted(m.Minimal) }) {
			fmt.Fprintf(w, "  %s: %s\n", strings.Join(s.models, ", "), s.text)
		}
	}
	r.table(w, audited, func(m *ModelReport, i int) string { return r.now(m.Minimal, i) })
	if r.Together != nil {
		fmt.Fprintf(w, "\nMinimal set for all of these at once: %s\n", r.counted(r.Together))
		r.table(w, audited[:1], func(_ *ModelReport, i int) string { return r.now(r.Together, i) })
	}
}

// others says which barriers were left alone.
func (r *Report) others(w io.Writer) {
	for i, s := range r.Others {
		if i == 0 {
			fmt.Fprint(w, "\nNot audited (in a header, or several in one place, or with an order that is computed):\n")
		}
		fmt.Fprintf(w, "  %s  %s\n", r.place(s), s.Text)
	}
}

// now is the text for a site in a minimal set.
func (r *Report) now(m *Minimal, site int) string {
	switch s := r.Sites[site]; m.Now[site] {
	case s.Name:
		return "stays"
	case nothing:
		return "dropped"
	default:
		return "becomes " + words(m.Now[site])
	}
}

// counted says how many barriers a minimal set has.
func (r *Report) counted(m *Minimal) string {
	var stay, weaker, dropped int
	for i, name := range m.Now {
		switch name {
		case r.Sites[i].Name:
			stay++
		case nothing:
			dropped++
		default:
			weaker++
		}
	}
	s := fmt.Sprintf("%d stay, %d weaker, %d dropped", stay, weaker, dropped)
	if !m.Complete {
		s += "; perhaps not minimal: " + m.Why
	}
	return s
}
