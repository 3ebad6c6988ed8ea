// Package printable writes texts that others made so that a terminal does not obey them and a
// page does not show them in another order than they have. Names of files and tests may have
// any characters.
package printable

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// obeyed reports whether a character is more than shown: it controls a terminal, breaks a line
// or turns the direction of the text behind it.
func obeyed(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// Text is s with such characters, and bytes that are no UTF-8, written as in a Go string.
func Text(s string) string {
	return escape(s, func(r rune) string { return strings.Trim(strconv.QuoteRune(r), "'") })
}

// JSON is a JSON text of the same value without such characters: it has their escapes.
func JSON(text []byte) []byte {
	return []byte(escape(string(text), func(r rune) string { return fmt.Sprintf(`\u%04x`, r) }))
}

// WriteJSON writes a value as JSON in one line, see JSON.
func WriteJSON(w io.Writer, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(JSON(text), '\n'))
	return err
}

// ShownJSON is a JSON text whose strings have Text in place of such characters.
func ShownJSON(text []byte) []byte {
	return []byte(escape(string(text), func(r rune) string { return fmt.Sprintf(`\\u%04x`, r) }))
}

func escape(s string, one func(rune) string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, obeyed) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case obeyed(r):
			b.WriteString(one(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}
