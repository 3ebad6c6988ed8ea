package csource

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"modernc.org/cc/v4"

	"crosscall/memmodel/graph"
)

// Package cc takes a call of what is no macro, in a condition of the preprocessor, for 0:
// #if IS_ENABLED(CONFIG_X) without the header that defines IS_ENABLED. C has no meaning
// for that. Conditions within others are not looked at: they may be skipped.

// conditionals finds the directives that open and close conditions.
var conditionals = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*(?:(if)\b([^\n]*)|(ifdef|ifndef)\b|(endif)\b)`)
})

// guard is what a header begins with that is read once.
var guard = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[ \t]*#[ \t]*ifndef[ \t]+\w+[ \t]*\n[ \t]*#[ \t]*define\b`)
})

// called finds what is called in a condition.
var called = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b([A-Za-z_]\w*)[ \t]*\(`)
})

// checkConditions stops with an error if a condition of the file, or of one that it
// includes from the disk, calls what is no macro.
func (f files) checkConditions(file string, src []byte, macros map[string]*cc.Macro) {
	checkConditionsOf(shownFile(file), src, macros)
	for name := range f.seen {
		if strings.HasPrefix(name, treeFolder+"/") || isShim(shownFile(name)) {
			continue
		}
		if text, err := f.find(name); err == nil {
			checkConditionsOf(shownFile(filepath.ToSlash(name)), text, macros)
		}
	}
}

func checkConditionsOf(file string, src []byte, macros map[string]*cc.Macro) {
	depth, outermost := 0, 0
	for i, m := range conditionals().FindAllSubmatchIndex(src, -1) {
		switch {
		case m[8] >= 0:
			depth--
			continue
		case i == 0 && guard().Match(src[m[0]:]):
			outermost = 1 // around the whole of a header
		case m[2] >= 0 && depth == outermost:
			checkCondition(file, src, m[4], m[5], macros)
		}
		depth++
	}
}

func checkCondition(file string, src []byte, from, to int, macros map[string]*cc.Macro) {
	text := src[from:to]
	for _, mark := range []string{"//", "/*"} {
		text, _, _ = bytes.Cut(text, []byte(mark))
	}
	for _, m := range called().FindAllSubmatchIndex(text, -1) {
		name := string(text[m[2]:m[3]])
		if name == "defined" || strings.HasPrefix(name, "__has_") || macros[name] != nil {
			continue
		}
		at := from + m[2]
		line := bytes.LastIndexByte(src[:at], '\n') + 1
		fail(graph.Pos{File: file, Line: 1 + bytes.Count(src[:line], []byte("\n")), Col: 1 + at - line},
			"%s is no macro here: a condition that calls it has no value", name)
	}
}
