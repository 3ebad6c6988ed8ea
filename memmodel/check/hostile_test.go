package check

import (
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/csource"
)

// Inputs that nobody writes in good faith end in an error with a place, or in a verdict, and
// never in a panic or without an end.
func TestHostileInputs(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	const threads = "\nvoid P0(void) { }\n"
	for name, in := range map[string][2]string{
		"nothing":                     {"a.litmus", ""},
		"nothing in C":                {"a.c", ""},
		"zero bytes":                  {"a.litmus", many("\x00", 5000)},
		"zero bytes in C":             {"a.c", many("\x00", 5000)},
		"no UTF-8":                    {"a.c", "int \xff\xfe;" + threads},
		"a byte order mark alone":     {"a.litmus", "\ufeff"},
		"brackets":                    {"a.c", many("(", 5000)},
		"braces":                      {"a.c", "void P0(void) " + many("{", 5000)},
		"brackets in a test":          {"a.litmus", "C a\n{}\nP0(int *x) { r1 = " + many("(", 5000)},
		"stars":                       {"a.litmus", "C a\n{}\nP0(int *x) { r1 = " + many("*", 5000) + "x; }\nexists (x=1)"},
		"nots":                        {"a.litmus", "C a\n{}\nP0(int *x) { }\nexists " + many("not (", 5000) + "x=1"},
		"conjuncts":                   {"a.litmus", "C a\n{}\nP0(int *x) { }\nexists (x=1" + many(" /\\ x=1", 5000) + ")"},
		"threads":                     {"a.litmus", "C a\n{}\n" + many("P0(int *x) { }\n", 500) + "exists (x=1)"},
		"an open comment":             {"a.litmus", "C a\n{}\n(* " + many("(* ", 500)},
		"an open string":              {"a.c", `char *s = "` + many("a", 5000)},
		"declarators":                 {"a.c", "int x" + many("[1]", 2000) + ";" + threads},
		"a struct of structs":         {"a.c", many("struct { ", 300) + "int x;" + many("} a;", 300) + threads},
		"macros that grow":            {"a.c", "#define A(x) x x x x x x x x\n#define B(x) A(A(A(A(A(A(x))))))\nB(B(int y;))" + threads},
		"a macro of itself":           {"a.c", "#define A A A\nA" + threads},
		"a condition without an end":  {"a.c", many("#if 1\n", 3000) + threads},
		"a file that includes itself": {"a.c", "#include \"a.c\"\n" + threads},
		"an include of a folder":      {"a.c", "#include \"/\"\n" + threads},
		"another's file":              {"a.c", "#include \"../../../../../../etc/passwd\"\n" + threads},
		"a large array":               {"a.c", "int x[100000000];" + threads},
		"a large array in a test":     {"a.litmus", "C a\n{ int x[1000000]; }\nP0(int *x) { }\nexists (x=1)"},
		"a large number":              {"a.litmus", "C a\n{ x=" + many("9", 400) + "; }\nP0(int *x) { }\nexists (x=1)"},
		"a loop without an end":       {"a.c", "void P0(void) { for (;;) { int i = 0; i++; } }"},
		"goto in a circle":            {"a.litmus", "C a\n{}\nP0(int *x) { a: goto b; b: goto a; }\nexists (x=1)"},
		"gotos":                       {"a.litmus", "C a\n{}\nP0(int *x) { " + many("goto l; ", 3000) + "l: }\nexists (x=1)"},
		"steps":                       {"a.litmus", "C a\n{}\nP0(int *x) { r" + many("++", 3000) + "; }\nexists (x=1)"},
		"a recursion":                 {"a.c", "int f(int n) { return f(n) + f(n); }\nint x;\nvoid P0(void) { x = f(1); }"},
		"a division":                  {"a.c", "int x, y;\nvoid P0(void) { x = x / y; }"},
		"escape sequences":            {"a.litmus", "C \x1b[31mred\n{}\nP0(int *x) { }\nexists (x=1)"},
		"rows of assembly":            {"a.litmus", "X86 a\n{}\n" + many(" P0 |", 2000) + " ;\nexists (x=1)"},
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			o := Options{Timeout: 5 * time.Second, Memory: 1 << 30, Picture: true}
			r := Source(t.Context(), in[0], []byte(in[1]), lkmm(t), o, csource.Options{})
			if took := time.Since(begin); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			if r.Err == nil {
				return
			}
			msg := r.Err.Error()
			if strings.Contains(msg, "internal error") || !strings.Contains(msg, ":") || len(msg) > 1000 {
				t.Errorf("%.300s", msg)
			}
		})
	}
}
