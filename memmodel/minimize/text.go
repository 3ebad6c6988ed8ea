package minimize

import (
	"cmp"
	"slices"
	"strings"
)

// A text is a source, with where each of its bytes was in the source that was first there;
// -1 where it was not.
type text struct {
	src    string
	origin []int32
}

func newText(src string) text {
	t := text{src, make([]int32, len(src))}
	for i := range t.origin {
		t.origin[i] = int32(i)
	}
	return t
}

// A cut puts words in place of the bytes from, to.
type cut struct {
	from, to int
	words    string
}

// An edit is one thing that is dropped or made simpler, perhaps at several places.
type edit []cut

// gain is how many bytes an edit takes away.
func (e edit) gain() (n int) {
	for _, c := range e {
		n += c.to - c.from - len(c.words)
	}
	return n
}

// apply returns t after an edit. A cut within another is left out.
func (t text) apply(e edit) text {
	cuts := slices.Clone(e)
	slices.SortStableFunc(cuts, func(a, b cut) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var b strings.Builder
	var origin []int32
	at := 0
	for _, c := range cuts {
		if c.from < at {
			continue
		}
		b.WriteString(t.src[at:c.from])
		origin = append(origin, t.origin[at:c.from]...)
		b.WriteString(c.words)
		for range len(c.words) {
			origin = append(origin, -1)
		}
		at = c.to
	}
	b.WriteString(t.src[at:])
	return text{b.String(), append(origin, t.origin[at:]...)}
}

// place is where the byte at a line and a column (of bytes, from 1) was at first; -1 if it
// was not.
func (t text) place(line, col int) int {
	at := 0
	for n := 1; n < line; n++ {
		i := strings.IndexByte(t.src[at:], '\n')
		if i < 0 {
			return -1
		}
		at += i + 1
	}
	if at += col - 1; at < 0 || at >= len(t.origin) {
		return -1
	}
	return int(t.origin[at])
}

// removal is the cut that takes away the bytes from, to: with their line if nothing else
// is in it, and then with the comments that stand above it.
func removal(src string, from, to int) cut {
	start, end := lineStart(src, from), lineEnd(src, to)
	if start < 0 || end < 0 {
		if to < len(src) && src[to] == ' ' && (start >= 0 || isBlank(src[from-1])) {
			to++ // of the blanks on both sides one is enough
		}
		return cut{from: from, to: to}
	}
	start = commentsAbove(src, start)
	above := start == 0 || strings.HasSuffix(src[:start], "\n\n") || strings.HasSuffix(src[:start], "{\n")
	if above && strings.HasPrefix(src[end:], "\n") {
		end++ // of the empty lines on both sides one is enough
	}
	return cut{from: start, to: end}
}

// lineEnd is the offset behind the line that at is in if nothing but blanks and a comment
// follows there, and -1 otherwise.
func lineEnd(src string, at int) int {
	for {
		for at < len(src) && isBlank(src[at]) {
			at++
		}
		if at == len(src) {
			return at
		}
		if src[at] == '\n' {
			return at + 1
		}
		size := commentSize(src[at:], false)
		if size == 0 || strings.Contains(src[at:at+size], "\n") {
			return -1
		}
		at += size
	}
}

// commentsAbove is the offset of the first of the comments that stand in lines of their
// own directly above the line at start.
func commentsAbove(src string, start int) int {
	for start > 0 {
		line := strings.LastIndexByte(src[:start-1], '\n') + 1
		above := strings.TrimSpace(src[line : start-1])
		switch {
		case strings.HasPrefix(above, "//"):
			start = line
		case strings.HasSuffix(above, "*/"):
			open := strings.LastIndex(src[:start], "/*")
			if open < 0 || lineStart(src, open) < 0 {
				return start
			}
			start = lineStart(src, open)
		default:
			return start
		}
	}
	return start
}

// outdent are the cuts that take from the lines of the bytes from, to the indent that they
// have beyond the line of outer.
func outdent(src string, outer, from, to int) (e edit) {
	start := strings.LastIndexByte(src[:from], '\n') + 1
	by := len(indent(src[start:])) - len(indent(src[strings.LastIndexByte(src[:outer], '\n')+1:]))
	if lineStart(src, from) < 0 || by <= 0 {
		return nil
	}
	for at := start; at < to; {
		if n := min(by, len(indent(src[at:]))); n > 0 && (at > start || at >= outer) {
			e = append(e, cut{from: at, to: at + n})
		}
		i := strings.IndexByte(src[at:to], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return e
}

// indent is the blanks at the start of a line.
func indent(line string) string { return line[:len(line)-len(strings.TrimLeft(line, " \t"))] }
