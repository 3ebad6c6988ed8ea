package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable is Text of viewer/printable. This package is compiled into the standard library of
// a test, which cannot import that one.
func printable(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch text := s[i : i+size]; {
		case r == utf8.RuneError && size == 1:
			b.WriteString(strings.Trim(strconv.Quote(text), `"`))
		case r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		default:
			b.WriteString(text)
		}
		i += size
	}
	return b.String()
}
