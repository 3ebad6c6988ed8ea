package csource

import (
	"bytes"

	"crosscall/memmodel/graph"
)

// maxNesting bounds brackets within brackets. C wants 63 to be possible.
const maxNesting = 256

// maxRanks bounds the number of [ ] in a row, such as the dimensions of an array.
const maxRanks = 1024

// maxRun bounds the characters between two commas, semicolons or braces, such as those
// of an expression: operators nest, too.
const maxRun = 1 << 16

// maxConditionals bounds #if within #if. C wants 63 to be possible.
const maxConditionals = 256

// checkNesting fails if src nests too deeply for the stack of the parser, which is
// recursive. It has to be checked before: a stack that overflows ends the process. The
// expansions of macros are not checked.
func checkNesting(file string, src []byte) {
	n := nesting{file: file, src: src}
	for i := 0; i < len(src); i++ {
		if size := skipped(src[i:]); size > 0 {
			i += size - 1
			continue
		}
		if src[i] == '#' && len(bytes.TrimSpace(src[bytes.LastIndexByte(src[:i], '\n')+1:i])) == 0 {
			n.conditional(i)
			end := i + lineSize(src[i:])
			n.directive(i, end)
			i = end - 1
			continue
		}
		n.next(i)
	}
}

// nesting is how deep a text nests at a place.
type nesting struct {
	file              string
	src               []byte
	depth, run, ranks int
	open              []conditional // each #if that is open
}

// A conditional is from #if to #endif. The text behind it may be as deep as the text in front
// of it, or as the end of any of its branches.
type conditional struct{ before, deepest int }

// next takes the character at i.
func (n *nesting) next(i int) {
	n.run++
	switch n.src[i] {
	case '[':
		n.ranks++
		n.depth++
	case '(', '{':
		n.depth++
	case ')', ']', '}':
		n.depth--
	}
	switch n.src[i] {
	case ',', ';', '{', '}':
		n.run, n.ranks = 0, 0
	case ' ', '\t', '\n', '\r':
		n.run--
	}
	switch {
	case n.depth > maxNesting:
		fail(placeOf(n.file, n.src, i), "more than %d brackets within one another", maxNesting)
	case n.ranks > maxRanks:
		fail(placeOf(n.file, n.src, i), "more than %d pairs of [ ] in one expression", maxRanks)
	case n.run > maxRun:
		fail(placeOf(n.file, n.src, i), "an expression of more than %d characters", maxRun)
	}
}

// directive takes a line of the preprocessor, which is no part of what is around it.
func (n *nesting) directive(from, to int) {
	line := nesting{file: n.file, src: n.src}
	for i := from; i < to; i++ {
		if size := skipped(n.src[i:to]); size > 0 {
			i += size - 1
			continue
		}
		line.next(i)
	}
}

// conditional takes the # of a line.
func (n *nesting) conditional(at int) {
	word := bytes.TrimLeft(n.src[at+1:], " \t")
	if bytes.HasPrefix(word, []byte("if")) {
		n.open = append(n.open, conditional{n.depth, n.depth})
		if len(n.open) > maxConditionals {
			fail(placeOf(n.file, n.src, at), "more than %d #if within one another", maxConditionals)
		}
		return
	}
	top := len(n.open) - 1
	if top < 0 {
		return
	}
	c := &n.open[top]
	c.deepest = max(c.deepest, n.depth)
	switch {
	case bytes.HasPrefix(word, []byte("el")):
		n.depth = c.before
	case bytes.HasPrefix(word, []byte("endif")):
		n.depth = c.deepest
		n.open = n.open[:top]
	}
}

// lineSize is the length of the line that src begins with, with those that continue it, up to
// its end.
func lineSize(src []byte) int {
	for i := 0; i < len(src); i++ {
		if size := skipped(src[i:]); size > 0 && !bytes.HasPrefix(src[i:], []byte("//")) && src[i] == '/' {
			i += size - 1
			continue
		}
		switch {
		case src[i] == '\n':
			return i
		case src[i] == '\\' && i+1 < len(src):
			i++
		}
	}
	return len(src)
}

// skipped is the length of the comment, string or character that src begins with, if it
// does.
func skipped(src []byte) int {
	switch {
	case bytes.HasPrefix(src, []byte("//")):
		return lengthTo(src, 2, "\n")
	case bytes.HasPrefix(src, []byte("/*")):
		return lengthTo(src, 2, "*/")
	case src[0] == '"' || src[0] == '\'':
		return literal(src)
	}
	return 0
}

func lengthTo(src []byte, from int, end string) int {
	if n := bytes.Index(src[from:], []byte(end)); n >= 0 {
		return from + n + len(end)
	}
	return len(src)
}

// literal is the length of the string or character that src begins with; it ends with the
// line at the latest.
func literal(src []byte) int {
	for i := 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case src[0], '\n':
			return i + 1
		}
	}
	return len(src)
}

func placeOf(file string, src []byte, at int) graph.Pos {
	line := bytes.Count(src[:at], []byte("\n")) + 1
	return graph.Pos{File: file, Line: line, Col: at - bytes.LastIndexByte(src[:at], '\n')}
}
