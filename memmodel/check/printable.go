package check

import (
	"strconv"
	"strings"
	"unicode"
)

// Printable is s with what a terminal would obey, such as escape sequences, written out as
// in a Go string: names of files and tests are not ours.
func Printable(s string) string {
	if !strings.ContainsFunc(s, obeyed) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if obeyed(r) {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func obeyed(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
