package check

import (
	"strconv"
	"strings"
	"unicode"
)

// Printable is s with control characters, such as those of escape sequences, written as in
// a Go string. Names of files and tests may have any characters.
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
