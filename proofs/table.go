package proofs

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"crosscall/memmodel/check"
)

// A tableLine is a case: a verdict for each model.
type tableLine struct {
	rows []Row // one for each model
}

// A group is cases that have the property, the bound and the models in common.
type group struct {
	property, bound string
	models          []string
	lines           []tableLine
}

const textWidth = 100

// writeBlock prints the rows of one question.
func writeBlock(w io.Writer, rows []Row) {
	q := questions[order(rows[0].Question)]
	fmt.Fprintf(w, "%-4s%s\n", q.ID, q.Asks)
	for _, line := range wrap(q.Answer, textWidth-4) {
		fmt.Fprintf(w, "    %s\n", line)
	}
	for _, g := range groups(rows) {
		fmt.Fprintln(w)
		g.write(w)
	}
	fmt.Fprintln(w)
}

// groups sorts the rows of a question into groups. Rows of a case are together.
func groups(rows []Row) []*group {
	var list []*group
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].Variant == rows[0].Variant && rows[n].Property == rows[0].Property && rows[n].Bound == rows[0].Bound {
			n++
		}
		line := tableLine{rows[:n]}
		models := line.models()
		i := slices.IndexFunc(list, func(g *group) bool {
			return g.property == rows[0].Property && g.bound == rows[0].Bound && slices.Equal(g.models, models)
		})
		if i < 0 {
			i = len(list)
			list = append(list, &group{property: rows[0].Property, bound: rows[0].Bound, models: models})
		}
		list[i].lines = append(list[i].lines, line)
		rows = rows[n:]
	}
	return list
}

func (l *tableLine) models() []string {
	var list []string
	for _, r := range l.rows {
		list = append(list, r.Model)
	}
	return list
}

func (g *group) write(w io.Writer) {
	for _, line := range wrap(g.property, textWidth-4) {
		fmt.Fprintf(w, "    %s\n", line)
	}
	for _, line := range wrap("("+g.bound+")", textWidth-4) {
		fmt.Fprintf(w, "    %s\n", line)
	}
	wide := 0
	for _, l := range g.lines {
		wide = max(wide, len(l.rows[0].Variant))
	}
	fmt.Fprintf(w, "      %-*s", wide, "")
	for _, m := range g.models {
		fmt.Fprintf(w, "  %-*s", column(m), m)
	}
	fmt.Fprintf(w, "  %10s  %7s\n", "executions", "seconds")
	for _, l := range g.lines {
		l.write(w, wide)
	}
}

func (l *tableLine) write(w io.Writer, wide int) {
	fmt.Fprintf(w, "      %-*s", wide, l.rows[0].Variant)
	var executions int64
	var elapsed time.Duration
	for _, r := range l.rows {
		fmt.Fprintf(w, "  %-*s", column(r.Model), r.word())
		executions += r.Executions
		elapsed += r.Elapsed
	}
	fmt.Fprintf(w, "  %10d  %7.2f\n", executions, elapsed.Seconds())
	for _, line := range l.notes() {
		fmt.Fprintf(w, "        %s\n", line)
	}
}

// column is how wide a model's column is.
func column(model string) int { return max(len(model), len("holds!")) }

// word is the verdict, marked if it is not the expected one.
func (r *Row) word() string {
	switch {
	case r.Verdict == check.Incomplete:
		return "?"
	case r.AsExpected():
		return string(r.Verdict)
	}
	return string(r.Verdict) + "!"
}

// notes are the reasons of the rows, each once.
func (l *tableLine) notes() []string {
	var list []string
	for _, r := range l.rows {
		note := r.Reason
		if r.Verdict == check.Holds && !r.AsExpected() {
			note = "it should fail"
		}
		if r.Verdict == check.Fails && !r.AsExpected() {
			note = "it should hold: " + note
		}
		if note != "" && note != interrupted && !slices.Contains(list, note) {
			list = append(list, note)
		}
	}
	return list
}

// wrap breaks s into lines.
func wrap(s string, wide int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len(line)+1+len(word) > wide {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
