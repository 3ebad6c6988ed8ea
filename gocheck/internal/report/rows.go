package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"crosscall/gocheck/internal/sched"
)

// A group is the steps of one row, by their indices.
type group []int

// groups puts steps of a goroutine at one statement together, if no step of another
// goroutine is shown in between.
func (b *builder) groups() (list []group) {
	for i := range b.end() {
		if !b.shown(i) {
			continue
		}
		if n := len(list); n > 0 && b.joins(list[n-1], i) {
			list[n-1] = append(list[n-1], i)
			continue
		}
		list = append(list, group{i})
	}
	return list
}

// end is the end of the steps that matter: after a test has reported a failure,
// the steps are those of its clean-up.
func (b *builder) end() int {
	if b.Kind == sched.Assertion && b.Failed && !b.Full {
		for i := len(b.Steps) - 1; i >= 0; i-- {
			if b.Steps[i].Failed {
				return i + 1
			}
		}
	}
	return len(b.Steps)
}

func (b *builder) shown(i int) bool {
	s := &b.Steps[i]
	switch {
	case s.Failed, b.isRaced(i):
		return true
	case s.Plain:
		return b.Plain || b.Full && s.Own && sched.IsOperation(s.Via)
	case b.Full, s.Own, s.Remark, b.Hidden:
		return true
	case s.At.File == "":
		return false
	}
	return b.Threads[s.Thread].Timer && s.Op == "fires" || s.Object >= 0 && b.Objects[s.Object].Named
}

func (b *builder) isRaced(i int) bool {
	return b.Raced[0] != b.Raced[1] && (i == b.Raced[0] || i == b.Raced[1])
}

func (b *builder) joins(g group, i int) bool {
	s, t := &b.Steps[g[len(g)-1]], &b.Steps[i]
	if b.Full || s.Remark || t.Remark || b.isRaced(g[0]) || b.isRaced(i) {
		return false
	}
	return s.Thread == t.Thread && sched.StatementAt(s.At) == sched.StatementAt(t.At) && s.Caller == t.Caller && s.Own == t.Own
}

func (b *builder) row(g group) {
	r := b.report
	s := &b.Steps[g[0]]
	text, from := b.text(g)
	at := &b.Steps[from]
	row := Row{Goroutine: b.goroutine(s.Thread), Text: text, Place: place(at), File: at.At.File, Line: at.At.Line, Style: b.style(g[0])}
	if b.Steps[g[len(g)-1]].Comes {
		row.Text = arrives + row.Text
	}
	if s.Preempts {
		row.Preempts = b.before(g[0])
	}
	for k, i := range b.Raced {
		if b.isRaced(i) && g[0] == i {
			r.Raced[k] = len(r.Rows)
		}
	}
	r.Rows = append(r.Rows, row)
}

// before is the goroutine of the step before.
func (b *builder) before(i int) string {
	for i--; i >= 0; i-- {
		if s := &b.Steps[i]; !s.Plain && !s.Remark {
			return b.Threads[s.Thread].Name
		}
	}
	return ""
}

func (b *builder) style(i int) Style {
	switch s := &b.Steps[i]; {
	case s.Failed, b.isRaced(i):
		return Failing
	case s.Remark:
		return Remark
	case s.Plain:
		return Plain
	}
	return Step
}

func place(s *sched.Step) string {
	if s.Caller.File == "" {
		return s.At.String()
	}
	return fmt.Sprintf("%v (from %v)", s.At, s.Caller)
}

const (
	mostParts = 3  // of a row
	mostWide  = 56 // of a statement, in characters
)

// text describes a group: its operations or, if they are within a function of the
// standard library, the statement. from is the step that has its place.
func (b *builder) text(g group) (text string, from int) {
	var direct []int
	for k, i := range g {
		s := &b.Steps[i]
		if begins(s) && k+1 < len(g) {
			continue
		}
		if b.Full || s.Remark || !s.Own || sched.IsOperation(s.Via) {
			direct = append(direct, i)
		}
	}
	if len(direct) == 0 {
		if statement := sched.Statement(b.Steps[g[0]].At); statement != "" {
			if s := b.Steps[g[0]]; s.Plain {
				statement += ": " + s.Op
			}
			return shorten(statement, mostWide), g[0]
		}
		direct = g
	}
	if len(direct) > mostParts {
		return b.parts(direct[:1]) + "; …; " + b.parts(direct[len(direct)-1:]), direct[0]
	}
	return b.parts(direct), direct[0]
}

// begins reports whether a step is the first part of an operation that has two.
func begins(s *sched.Step) bool { return s.Comes || s.Op == "Lock: new readers wait" }

// parts are operations, each with the name of its object if that differs from the
// one before.
func (b *builder) parts(steps []int) string {
	var text strings.Builder
	on := ""
	for k, i := range steps {
		s := &b.Steps[i]
		if k > 0 {
			text.WriteString("; ")
		}
		if name := b.name(s); name != "" && name != on {
			text.WriteString(name + ": ")
			on = name
		}
		text.WriteString(b.operation(s))
	}
	return text.String()
}

// name is the name of a step's object; empty: it has none.
func (b *builder) name(s *sched.Step) string {
	switch {
	case s.Remark || s.Object < 0 || s.Comes:
		return ""
	case s.Plain:
		return b.Plains[s.Object]
	case b.Threads[s.Thread].Timer && !b.Objects[s.Object].Named && !b.Full:
		return ""
	}
	return b.Objects[s.Object].Name
}

// operation is the text of a step's operation, with its result.
func (b *builder) operation(s *sched.Step) string {
	switch {
	case s.Detail != "":
		return s.Detail
	case s.Object >= 0 && !s.Plain && strings.HasPrefix(s.Via, "sync") && composed[b.Objects[s.Object].Type]:
		return sched.Method(s.Via)
	}
	return s.Op
}

// composed are the types whose operations are one step each, even if they consist
// of several.
var composed = map[string]bool{"Map": true, "Value": true}

func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}
