package csource_test

import (
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
)

// TestNesting: source that nests too deep for the parser's stack is an error with its place.
func TestNesting(t *testing.T) {
	const n = 200000
	for name, src := range map[string]string{
		"1:268: more than 256 brackets":       "int x = 1 +" + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + ";",
		"2:262: more than 256 brackets":       "/* ((( \" */\nint a[" + strings.Repeat("[", n),
		"1:271: more than 256 brackets":       "void P0(void) {" + strings.Repeat("{", n),
		"an expression of more than":          "int x = " + strings.Repeat("!", n) + "1;",
		"257:1: more than 256 #if":            strings.Repeat("#if 1\n", n) + "int x;\n" + strings.Repeat("#endif\n", n),
		"2:267: more than 256 brackets":       "#if 1\n#define A " + strings.Repeat("(", n) + "\n",
		"5:65: more than 256 brackets":        strings.Repeat("int a = "+strings.Repeat("(", 200)+"\n#if 0\n"+strings.Repeat(")", 200)+"\n#endif\n", 2),
		"1:3078: more than 1024 pairs of [ ]": "int x" + strings.Repeat("[1]", n) + ";",
	} {
		_, err := csource.Parse("deep.c", []byte(src), csource.Options{})
		if err == nil || !strings.HasPrefix(err.Error(), "deep.c:") || !strings.Contains(err.Error(), name) {
			t.Errorf("%.30s...: %.200v; want %s", src, err, name)
		}
	}
	macros := strings.Repeat("#define BEGIN {\n#define A"+strings.Repeat("a", 300)+"\n", 300) + "void P0(void) { }\n"
	if _, err := csource.Parse("macros.c", []byte(macros), csource.Options{}); err != nil {
		t.Errorf("%.200v", err)
	}
	fine := "const char *s = \"" + strings.Repeat("(", 1000) + "\\\"((\"; // " + strings.Repeat("[", 1000) + "\nint a[] = {" + strings.Repeat("1,", 8000) + "};\nint c = '(';\nvoid P0(void) { }\n"
	if _, err := csource.Parse("fine.c", []byte(fine), csource.Options{}); err != nil {
		t.Errorf("%.200v", err)
	}
}
