package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"crosscall/gocheck/internal/sched"
)

// Headline is the failure: the kind, the sentence and the places.
func (r *Report) Headline() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Kind, r.Message)
	if r.Stack != "" {
		fmt.Fprintf(&b, "%s\n", r.Stack)
	}
	return printable(b.String())
}

const mostColumn = 60 // of a row's text, before its place

// Schedule is the rows as text, and the places where goroutines were started.
func (r *Report) Schedule() string {
	if len(r.Rows) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("schedule")
	if r.Preemptions != "" {
		fmt.Fprintf(&b, " (%s)", r.Preemptions)
	}
	b.WriteString(":\n")
	wide := 0
	for _, row := range r.Rows {
		if n := utf8.RuneCountInString(row.Text); n <= mostColumn {
			wide = max(wide, n)
		}
	}
	skipped := 0
	for i := range r.Rows {
		if r.elides(i) {
			skipped++
			continue
		}
		if skipped > 0 {
			fmt.Fprintf(&b, "       … %d rows are left out here …\n", skipped)
			skipped = 0
		}
		b.WriteString(r.line(i, wide))
	}
	b.WriteString(r.starts())
	return printable(b.String())
}

// If a schedule is too long to read, only the rows at its ends and those that fail
// are printed. The end tells more, but for a timeout: it ends with rounds that are alike.
const (
	mostRows  = 80
	firstRows = 20
)

func (r *Report) elides(i int) bool {
	first := firstRows
	if r.Kind == sched.Timeout.String() {
		first = mostRows - firstRows
	}
	return !r.Whole && len(r.Rows) > mostRows && i >= first && i < len(r.Rows)-(mostRows-first) && r.Rows[i].Style != Failing
}

// line is a row as text, whose own column is wide.
func (r *Report) line(i, wide int) string {
	row := r.Rows[i]
	line := fmt.Sprintf("%5d  %-3s  %-*s  %s", i+1, r.Goroutines[row.Goroutine].Name, wide, row.Text, row.Place)
	if marks := r.marks(i); len(marks) > 0 {
		line += "  <- " + strings.Join(marks, ", ")
	}
	return strings.TrimRight(line, " ") + "\n"
}

// marks are the further remarks for row i.
func (r *Report) marks(i int) (marks []string) {
	if r.Raced[0] != r.Raced[1] && slices.Contains(r.Raced[:], i) {
		marks = append(marks, r.Kind)
	}
	if p := r.Rows[i].Preempts; p != "" {
		marks = append(marks, "preempts "+p)
	}
	return marks
}

// starts lists the places where goroutines were started.
func (r *Report) starts() string {
	names := map[string][]string{}
	var places []string
	for _, g := range r.Goroutines {
		if g.Started == "" {
			continue
		}
		if names[g.Started] == nil {
			places = append(places, g.Started)
		}
		names[g.Started] = append(names[g.Started], g.Name)
	}
	var b strings.Builder
	for _, p := range places {
		fmt.Fprintf(&b, "  %s: %s\n", listed(names[p]), p)
	}
	return b.String()
}

// listed is a list of names, without the middle if there are many.
func listed(names []string) string {
	if len(names) > 8 {
		return strings.Join(names[:3], ", ") + ", … " + names[len(names)-1]
	}
	return strings.Join(names, ", ")
}

// programStack is a panic's stack without the frames of the explorer, the
// arguments and the addresses.
func programStack(stack string) string {
	lines := strings.Split(stack, "\n")
	var out []string
	panicked := false
	for i := 1; i+1 < len(lines); i += 2 {
		name, at := lines[i], strings.TrimSpace(lines[i+1])
		switch {
		case strings.HasPrefix(name, "panic("):
			out, panicked = nil, true
			continue
		case !panicked:
			continue // the frames above it are the explorer's
		case strings.HasPrefix(name, "created by "), isExplorers(name):
			return strings.Join(out, "\n")
		case len(out) == 0 && strings.HasPrefix(name, "runtime."), strings.HasPrefix(name, "sync.crosscall"):
			continue
		}
		if j := strings.LastIndexByte(name, '('); j > 0 {
			name = name[:j]
		}
		at, _, _ = strings.Cut(at, " +0x")
		out = append(out, fmt.Sprintf("  %s\n      %s", name, ShortPlace(at)))
	}
	return strings.Join(out, "\n")
}

func isExplorers(name string) bool {
	for _, p := range []string{"crosscall/gocheck/internal/", "internal/crosscall/", "testing.crosscall", "testing.tRunner("} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// ShortPlace is a place with the file's name shortened by sched.Short.
func ShortPlace(at string) string {
	if i := strings.LastIndexByte(at, ':'); i > 0 {
		return sched.Short(at[:i]) + at[i:]
	}
	return at
}
