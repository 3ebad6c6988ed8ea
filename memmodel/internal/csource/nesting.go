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

// checkNesting fails if src nests too deeply for the stack of the parser, which is
// recursive. It has to be checked before: a stack that overflows ends the process. The
// expansions of macros are not checked.
func checkNesting(file string, src []byte) {
	depth, run, ranks := 0, 0, 0
	for i := 0; i < len(src); i++ {
		if n := skipped(src[i:]); n > 0 {
			i += n - 1
			continue
		}
		run++
		switch src[i] {
		case '[':
			ranks++
			depth++
		case '(', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		switch src[i] {
		case ',', ';', '{', '}':
			run, ranks = 0, 0
		case ' ', '\t', '\n', '\r':
			run--
		}
		switch {
		case depth > maxNesting:
			fail(placeOf(file, src, i), "more than %d brackets within one another", maxNesting)
		case ranks > maxRanks:
			fail(placeOf(file, src, i), "more than %d pairs of [ ] in one expression", maxRanks)
		case run > maxRun:
			fail(placeOf(file, src, i), "an expression of more than %d characters", maxRun)
		}
	}
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
