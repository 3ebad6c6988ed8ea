package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"crosscall/memmodel/graph"
)

// TextOptions says how Text writes. The zero value is plain text for a terminal
// of 80 columns.
type TextOptions struct {
	Color bool // use the colours of an ANSI terminal
	Width int  // columns of the terminal; 0 is 80
}

const (
	defaultWidth = 80
	minColumn    = 18 // narrower than this, a block holds fewer threads
	columnGap    = 3  // " | "
)

// Text writes x as a table with a column for each thread, and its edges and
// caption below. It fails if w does, or if x is not well formed.
func Text(w io.Writer, x *graph.Execution, o TextOptions) error {
	s, err := newScene(x)
	if err != nil {
		return err
	}
	t := &textWriter{scene: s, color: o.Color, width: o.Width}
	if t.width <= 0 {
		t.width = defaultWidth
	}
	t.width = max(t.width, minColumn+2)
	t.line(t.paint("1", s.title()))
	t.initial()
	for _, block := range t.blocks() {
		t.line("")
		t.block(block)
	}
	t.edges()
	t.caption()
	_, err = io.WriteString(w, t.b.String())
	return err
}

type textWriter struct {
	*scene
	b     strings.Builder
	color bool
	width int
}

func (t *textWriter) line(s string) { t.b.WriteString(strings.TrimRight(s, " ") + "\n") }

// paint puts s into the colour of the SGR parameters sgr.
func (t *textWriter) paint(sgr, s string) string {
	if !t.color || sgr == "" || strings.TrimSpace(s) == "" {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}

func (t *textWriter) initial() {
	var words []string
	for i, n := range t.inits {
		words = append(words, t.nodes[n].name+": "+t.nodes[n].text)
		if i > 0 {
			words[i-1] += ","
		}
	}
	t.list("init", "", words)
}

// A column is a thread in a block of columns that stand side by side.
type column struct {
	thread int
	width  int
}

// blocks parts the threads so that each block fits the width, with about as
// many threads in each.
func (t *textWriter) blocks() [][]column {
	fits := func(per int) bool {
		for from := 0; from < len(t.threads); from += per {
			if t.narrowest(from, min(from+per, len(t.threads))) > t.width {
				return false
			}
		}
		return true
	}
	per := len(t.threads)
	for per > 1 && !fits(per) {
		blocks := (len(t.threads)+per-1)/per + 1
		per = min(per-1, (len(t.threads)+blocks-1)/blocks)
	}
	var blocks [][]column
	for from := 0; from < len(t.threads); from += per {
		blocks = append(blocks, t.columns(from, min(from+per, len(t.threads))))
	}
	return blocks
}

// narrowest is the least that threads from to upto need to be readable.
func (t *textWriter) narrowest(from, upto int) int {
	sum := -columnGap
	for i := from; i < upto; i++ {
		sum += min(t.natural(i), minColumn) + columnGap
	}
	return sum
}

// natural is the width that a thread's column needs to wrap nothing.
func (t *textWriter) natural(thread int) int {
	wide := 8
	for _, n := range t.threads[thread] {
		for _, l := range t.cell(n, 1<<30) {
			wide = max(wide, width(l.text))
		}
	}
	return wide
}

// columns gives each thread its natural width, and takes from the widest until
// all fit.
func (t *textWriter) columns(from, upto int) []column {
	var cs []column
	sum := -columnGap
	for i := from; i < upto; i++ {
		cs = append(cs, column{i, t.natural(i)})
		sum += cs[i-from].width + columnGap
	}
	for ; sum > t.width; sum-- {
		widest := 0
		for i, c := range cs {
			if c.width > cs[widest].width {
				widest = i
			}
		}
		if cs[widest].width <= minColumn {
			break
		}
		cs[widest].width--
	}
	return cs
}

// A cellLine is one line of one event.
type cellLine struct{ text, sgr string }

// cell is what a column of width wide shows of node i: the source's words, and
// below them what the model sees.
func (t *textWriter) cell(i, wide int) []cellLine {
	n := t.nodes[i]
	mark, sgr := " ", ""
	if n.cycle {
		mark, sgr = "*", cycleLook.ansi
	}
	head := mark + n.name + ": "
	indent := strings.Repeat(" ", width(head))
	var lines []cellLine
	if n.text != "" {
		for _, l := range wrap(head, indent, n.text, wide) {
			lines = append(lines, cellLine{l, sgr})
		}
		head = indent
	}
	for _, l := range wrap(head, indent, n.what, wide) {
		if n.what == "" {
			break
		}
		lines = append(lines, cellLine{l, "2"})
	}
	if n.where != "" {
		where, last := "  "+n.where, &lines[len(lines)-1]
		if width(last.text+where) <= wide {
			last.text += where
		} else {
			lines = append(lines, cellLine{indent + where[2:], "2"})
		}
	}
	return lines
}

func (t *textWriter) block(cs []column) {
	var heads, rules []string
	rows := 0
	for _, c := range cs {
		heads = append(heads, t.paint("1", pad(fmt.Sprintf(" P%d", c.thread), c.width)))
		rules = append(rules, strings.Repeat("-", c.width))
		rows = max(rows, len(t.threads[c.thread]))
	}
	t.line(strings.Join(heads, " | "))
	t.line(strings.Join(rules, "-+-"))
	for r := range rows {
		t.row(cs, r)
	}
}

func (t *textWriter) row(cs []column, r int) {
	cells := make([][]cellLine, len(cs))
	high := 0
	for i, c := range cs {
		if r < len(t.threads[c.thread]) {
			cells[i] = t.cell(t.threads[c.thread][r], c.width)
			high = max(high, len(cells[i]))
		}
	}
	for y := range high {
		parts := make([]string, len(cs))
		for i, c := range cs {
			var l cellLine
			if y < len(cells[i]) {
				l = cells[i][y]
			}
			parts[i] = t.paint(l.sgr, l.text) + strings.Repeat(" ", max(0, c.width-width(l.text)))
		}
		t.line(strings.Join(parts, " | "))
	}
}

// edges lists the edges by kind. Those of the cycle that are of no kind are in
// the caption.
func (t *textWriter) edges() {
	if len(t.nodes) > 0 {
		t.line("")
	}
	for k := rf; k < derived; k++ {
		var words []string
		last := -1
		for _, e := range t.scene.edges {
			if e.kind != k {
				continue
			}
			to := arrow(e) + t.nodes[e.to].name
			if e.from != last {
				to = t.nodes[e.from].name + " " + to
			}
			words = append(words, to)
			if last >= 0 && e.from != last {
				words[len(words)-2] += ","
			}
			last = e.to
		}
		t.list(looks[k].name, looks[k].ansi, words)
	}
}

func arrow(e edge) string {
	if e.cycle {
		return "=> "
	}
	return "-> "
}

// list writes words after a name, as many on a line as fit.
func (t *textWriter) list(name, sgr string, words []string) {
	const indent = 6
	if len(words) == 0 {
		return
	}
	line, used := t.paint(sgr, pad(name, indent)), indent
	for _, w := range words {
		if used > indent && used+width(w) > t.width {
			t.line(line)
			line, used = strings.Repeat(" ", indent), indent
		}
		line += w + " "
		used += width(w) + 1
	}
	t.line(line)
}

func (t *textWriter) caption() {
	c := t.scene.caption()
	t.line("")
	sgr := "1"
	if t.x.Violated != "" {
		sgr = cycleLook.ansi
	}
	for _, l := range wrap("", "", c.verdict, t.width) {
		t.line(t.paint(sgr, l))
	}
	for _, s := range c.steps {
		for _, l := range wrap("  ", "      ", s, t.width) {
			t.line(l)
		}
	}
	if hint := t.hint(len(c.steps) > 0); hint != "" {
		t.line(t.paint("2", hint))
	}
	for _, l := range wrap("", "  ", c.note, t.width) {
		if c.note != "" {
			t.line(l)
		}
	}
	for _, l := range wrap("", "  ", c.final, t.width) {
		if c.final != "" {
			t.line(l)
		}
	}
}

// hint explains the marks.
func (t *textWriter) hint(cycle bool) string {
	marked := slices.ContainsFunc(t.nodes, func(n node) bool { return n.cycle })
	switch {
	case cycle && t.x.Failure != nil:
		return "(* marks the events that decide, => the edges.)"
	case cycle:
		return "(* marks its events, => its edges.)"
	case marked:
		return "(* marks the events that decide.)"
	}
	return ""
}

// width is the number of columns that s takes in a terminal.
func width(s string) int { return utf8.RuneCountInString(s) }

func pad(s string, wide int) string { return s + strings.Repeat(" ", max(0, wide-width(s))) }

// wrap breaks s into lines no wider than wide, at spaces where it can. The
// first starts with head, the others with indent.
func wrap(head, indent, s string, wide int) []string {
	var lines []string
	line, room := head, max(4, wide-width(head))
	rest := []rune(s)
	for len(rest) > room {
		cut := room
		for i := room; i > room/2; i-- {
			if rest[i] == ' ' {
				cut = i
				break
			}
		}
		lines = append(lines, line+string(rest[:cut]))
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " "))
		line, room = indent, max(4, wide-width(indent))
	}
	return append(lines, line+string(rest))
}
