package csource

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

// In #if, package cc gives a && b the value of b if neither is 0, and not 1. Where only the truth
// of it counts, that makes no difference. Elsewhere it is an error, because the wrong lines would
// be read.

// conditionLine finds an #if or #elif, with its continuations.
var conditionLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*(?:el)?if[ \t(](?:[^\\\n]|\\\r?\n|\\.)*`)
})

// checkConditions fails on a condition of the preprocessor in which the value of && counts.
func checkConditions(file string, src []byte) {
	if !bytes.Contains(src, []byte("&&")) {
		return
	}
	for _, m := range conditionLine().FindAllIndex(src, -1) {
		if at := valueOfAnd(string(src[m[0]:m[1]])); at >= 0 {
			fail(placeOf(shownFile(file), src, m[0]+at), "the value of && within another operation is not supported in #if: write !!(a && b)")
		}
	}
}

// valueOfAnd is where a parenthesis begins that has a &&, and beside which there is an operator
// that takes its value and not its truth; -1 if there is none.
func valueOfAnd(text string) int {
	type group struct {
		at  int
		and bool
	}
	const blank = " \t\\\r\n"
	var open []group
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '(':
			open = append(open, group{at: i})
		case strings.HasPrefix(text[i:], "&&") && len(open) > 0:
			open[len(open)-1].and = true
			i++
		case text[i] == ')' && len(open) > 0:
			g := open[len(open)-1]
			open = open[:len(open)-1]
			before, behind := strings.TrimRight(text[:g.at], blank), strings.TrimLeft(text[i+1:], blank)
			switch {
			case !g.and, strings.HasSuffix(before, "!"):
			case takesValue(before, behind):
				return g.at
			case len(open) > 0 && (strings.HasSuffix(before, "(") && strings.HasPrefix(behind, ")") || strings.HasSuffix(before, "?") || strings.HasSuffix(before, ":")):
				open[len(open)-1].and = true // ((a && b)), (c ? (a && b) : d)
			}
		}
	}
	return -1
}

// takesValue reports whether the operator before or behind an operand takes more than its truth.
func takesValue(before, behind string) bool {
	for _, op := range []string{"==", "!=", "<", ">", "+", "-", "*", "/", "%", "^", "~"} {
		if strings.HasSuffix(before, op) || strings.HasPrefix(behind, op) {
			return true
		}
	}
	single := func(text, op string) bool { return strings.HasPrefix(text, op) && !strings.HasPrefix(text, op+op) }
	last := func(text, op string) bool { return strings.HasSuffix(text, op) && !strings.HasSuffix(text, op+op) }
	return single(behind, "&") || single(behind, "|") || last(before, "&") || last(before, "|")
}
