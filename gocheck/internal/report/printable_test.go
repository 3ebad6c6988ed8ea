package report

import (
	"testing"

	"pgregory.net/rapid"

	other "crosscall/viewer/printable"
)

func TestPrintable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text") + "\x1b[31m\u202e\u2028\xff\n\t"
		if got, want := printable(s), other.Text(s); got != want {
			t.Fatalf("%q is %q, want %q", s, got, want)
		}
	})
}
