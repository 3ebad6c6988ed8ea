package csource

import (
	"strings"
	"testing"
)

// TestNesting: source that nests too deep for the parser's stack is an error with its place.
func TestNesting(t *testing.T) {
	const n = 200000
	for name, src := range map[string]string{
		"1:268: more than 256 brackets":       "int x = 1 +" + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ";",
		"2:262: more than 256 brackets":       "/* ((( \" */\nint a[" + strings.Repeat("[", n),
		"1:271: more than 256 brackets":       "void P0(void) {" + strings.Repeat("{", n),
		"an expression of more than":          "int x = " + strings.Repeat("!", n) + "1;",
		"1:3078: more than 1024 pairs of [ ]": "int x" + strings.Repeat("[1]", n) + ";",
	} {
		_, err := Parse("deep.c", []byte(src), Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "deep.c:") || !strings.Contains(err.Error(), name) {
			t.Errorf("%.30s...: %.200v; want %s", src, err, name)
		}
	}
	fine := "const char *s = \"" + strings.Repeat("(", 1000) + "\\\"((\"; // " + strings.Repeat("[", 1000) + "\nint a[] = {" + strings.Repeat("1,", 8000) + "};\nint c = '(';\nvoid P0(void) { }\n"
	if _, err := Parse("fine.c", []byte(fine), Options{}); err != nil {
		t.Errorf("%.200v", err)
	}
}
