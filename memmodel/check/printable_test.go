package check

import "testing"

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"MP+poonceonces": "MP+poonceonces", "a\x1b[31mred": `a\x1b[31mred`, "tab\tand\nline": "tab\tand\nline",
		"\r\a": `\r\a`, "é日": "é日", "\u009b1m": `\u009b1m`,
	} {
		if got := Printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
