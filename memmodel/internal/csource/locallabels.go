package csource

import (
	"bytes"
	"regexp"
	"sync"
)

// Package cc has one scope of labels in a function, also where __label__ makes more. So a
// label that a macro declares by __label__ gets the number of the line where the macro is
// used as a part of its name: the macro can then be used in several lines of a function.
//
// The labels are renamed in the text of the macro. Places of tokens that a macro makes are
// those of its use, so that errors are where they were.

var (
	localLabels   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`__label__\s+([^;]*);`) })
	macroText     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define\b(?:[^\n\\]|\\\n|\\.)*`) })
	wordsOfLabels = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\w+`) })
)

// ofLine stands between a label and the number.
const ofLine = "_of_line_"

// labelMacros make the names.
const labelMacros = `
#define __cc_label___(name, line) name##_of_line_##line
#define __cc_label__(name, line) __cc_label___(name, line)
#define __cc_label(name) __cc_label__(name, __LINE__)
`

// renameLabels renames the labels that macros declare by __label__.
func renameLabels(src []byte) []byte {
	if !bytes.Contains(src, []byte("__label__")) {
		return src
	}
	return macroText().ReplaceAllFunc(src, func(macro []byte) []byte {
		for _, m := range localLabels().FindAllSubmatch(macro, -1) {
			for _, name := range wordsOfLabels().FindAll(m[1], -1) {
				macro = renameWord(macro, name)
			}
		}
		return macro
	})
}

func renameWord(text, name []byte) []byte {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(string(name)) + `\b`)
	return word.ReplaceAll(text, []byte("__cc_label("+string(name)+")"))
}
