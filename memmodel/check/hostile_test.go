package check

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/csource"
)

// numbered is n lines of a format, whose numbers begin as they are given and grow.
func numbered(n int, format string, from ...int) string {
	var b strings.Builder
	for i := range n {
		var args []any
		for _, f := range from {
			args = append(args, f+i)
		}
		fmt.Fprintf(&b, format, args...)
	}
	return b.String()
}

// Inputs that nobody writes in good faith end in an error with a place, or in a verdict, and
// never in a panic or without an end.
func TestHostileInputs(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	const threads = "\nvoid P0(void) { }\n"
	for name, in := range map[string][2]string{
		"nothing":                      {"a.litmus", ""},
		"nothing in C":                 {"a.c", ""},
		"zero bytes":                   {"a.litmus", many("\x00", 5000)},
		"zero bytes in C":              {"a.c", many("\x00", 5000)},
		"no UTF-8":                     {"a.c", "int \xff\xfe;" + threads},
		"a byte order mark alone":      {"a.litmus", "\ufeff"},
		"brackets":                     {"a.c", many("(", 5000)},
		"braces":                       {"a.c", "void P0(void) " + many("{", 5000)},
		"brackets in a test":           {"a.litmus", "C a\n{}\nP0(int *x) { r1 = " + many("(", 5000)},
		"stars":                        {"a.litmus", "C a\n{}\nP0(int *x) { r1 = " + many("*", 5000) + "x; }\nexists (x=1)"},
		"nots":                         {"a.litmus", "C a\n{}\nP0(int *x) { }\nexists " + many("not (", 5000) + "x=1"},
		"conjuncts":                    {"a.litmus", "C a\n{}\nP0(int *x) { }\nexists (x=1" + many(" /\\ x=1", 5000) + ")"},
		"threads":                      {"a.litmus", "C a\n{}\n" + many("P0(int *x) { }\n", 500) + "exists (x=1)"},
		"an open comment":              {"a.litmus", "C a\n{}\n(* " + many("(* ", 500)},
		"an open string":               {"a.c", `char *s = "` + many("a", 5000)},
		"declarators":                  {"a.c", "int x" + many("[1]", 2000) + ";" + threads},
		"a struct of structs":          {"a.c", many("struct { ", 300) + "int x;" + many("} a;", 300) + threads},
		"macros that grow":             {"a.c", "#define A(x) x x x x x x x x\n#define B(x) A(A(A(A(A(A(x))))))\nB(B(int y;))" + threads},
		"a macro of itself":            {"a.c", "#define A A A\nA" + threads},
		"a condition without an end":   {"a.c", many("#if 1\n", 3000) + threads},
		"a file that includes itself":  {"a.c", "#include \"a.c\"\n" + threads},
		"an include of a folder":       {"a.c", "#include \"/\"\n" + threads},
		"another's file":               {"a.c", "#include \"../../../../../../etc/passwd\"\n" + threads},
		"a large array":                {"a.c", "int x[100000000];" + threads},
		"a large array in a test":      {"a.litmus", "C a\n{ int x[1000000]; }\nP0(int *x) { }\nexists (x=1)"},
		"a large number":               {"a.litmus", "C a\n{ x=" + many("9", 400) + "; }\nP0(int *x) { }\nexists (x=1)"},
		"a loop without an end":        {"a.c", "void P0(void) { for (;;) { int i = 0; i++; } }"},
		"goto in a circle":             {"a.litmus", "C a\n{}\nP0(int *x) { a: goto b; b: goto a; }\nexists (x=1)"},
		"gotos":                        {"a.litmus", "C a\n{}\nP0(int *x) { " + many("goto l; ", 3000) + "l: }\nexists (x=1)"},
		"steps":                        {"a.litmus", "C a\n{}\nP0(int *x) { r" + many("++", 3000) + "; }\nexists (x=1)"},
		"a recursion":                  {"a.c", "int f(int n) { return f(n) + f(n); }\nint x;\nvoid P0(void) { x = f(1); }"},
		"a division":                   {"a.c", "int x, y;\nvoid P0(void) { x = x / y; }"},
		"escape sequences":             {"a.litmus", "C \x1b[31mred\n{}\nP0(int *x) { }\nexists (x=1)"},
		"a pointer in a circle":        {"a.c", "struct s { struct s *n; } a[200];\nvoid init(void) { int i; for (i = 0; i < 200; i++) a[i].n = &a[(i + 1) % 200]; }\nvoid P0(void) { struct s *p = a; while (p) p = p->n; }"},
		"an allocation without an end": {"a.c", "#include <linux/slab.h>\nstruct s { int x[1000]; };\nvoid P0(void) { for (;;) { struct s *p = kmalloc(sizeof(*p), GFP_KERNEL); p->x[0] = 1; } }"},
		"calls that double":            {"a.c", "int f0(int x) { return x; }\n" + numbered(20, "int f%d(int x) { return f%d(x) + f%d(x); }\n", 1, 0, 0) + "int y;\nvoid P0(void) { y = f20(1); }"},
		"cases":                        {"a.c", "int x;\nvoid P0(void) { switch (x) {" + numbered(1000, "case %d: x = %d;\n", 0, 1) + "} }"},
		"threads in C":                 {"a.c", "int x;\n" + numbered(500, "void P%d(void) { x = %d; }\n", 0, 1)},
		"a place elsewhere":            {"a.c", "#line 2000000000 \"/etc/passwd\"\nint x = y;" + threads},
		"an array as large as it is":   {"a.c", "enum { E0 = 1,\n" + numbered(200, "E%d = E%d * 3 + 1,\n", 1, 0) + "};\nint a[E200];" + threads},
		"pointers to pointers":         {"a.c", "typedef int t0;\n" + numbered(2000, "typedef t%d *t%d;\n", 0, 1) + "t2000 p;\nvoid P0(void) { " + many("*", 200) + "p = 0; }"},
		"a struct in itself":           {"a.c", "struct a { struct a x; };\nunion u { union u *p; int q; } v;\nvoid P0(void) { v.p->p->q = 1; }"},
		"a computed goto":              {"a.c", "void P0(void) { goto *0; __asm__(\"hlt\"); }"},
		"ifs":                          {"a.c", many("#if 1\n", 120000) + "int x;\n" + many("#endif\n", 120000)},
		"reads":                        {"a.litmus", "C a\n{}\nP0(int *x) { " + numbered(1000, "int r%d = READ_ONCE(*x); ", 0) + "}\nexists (x=1)"},
		"a chain of pointers":          {"a.litmus", "C a\n{ " + numbered(2000, "x%d=&x%d; ", 0, 1) + "}\nP0(int *x0) { int r = READ_ONCE(*x0); }\nexists (x0=1)"},
		"ifs within ifs":               {"a.litmus", "C a\n{}\nP0(int *x) { int r = 1; " + many("if (r) { ", 4000) + many("}", 4000) + " }\nexists (x=1)"},
		"a thread of a large number":   {"a.litmus", "C a\n{}\nP99999999(int *x) { }\nexists (99999999:r=1)"},
		"a number below all":           {"a.litmus", "C a\n{}\nP0(int *x) { WRITE_ONCE(*x, 0x7fffffffffffffffffff); }\nexists (x=-9223372036854775808)"},
		"tests behind a test":          {"a.litmus", many("C a\r\n{}\r\nP0(int *x) { }\r\nexists (x=1)\r\n", 2000)},
		"disjuncts":                    {"a.litmus", "C a\n{}\nP0(int *x) { }\nforall (x=0" + numbered(3000, ` \/ (x=%d /\ ~(x=%d))`, 0, 1) + ")"},
		"a long thread in assembly":    {"a.litmus", "AArch64 a\n{ 0:X1=x; }\n P0 ;\n" + many(" LDR W0,[X1] ;\n", 1000) + "exists (x=1)"},
		"a register again and again":   {"a.litmus", "PPC a\n{ 0:r1=x; " + many("0:r2=1; ", 50000) + "}\n P0 ;\n stw r2,0(r1) ;\nexists (x=1)"},
		"a name that is no text":       {"a.litmus", "C a\xff\xfe\u202e\n{}\nP0(int *x) { }\nexists (x=1)"},
		"rows of assembly":             {"a.litmus", "X86 a\n{}\n" + many(" P0 |", 2000) + " ;\nexists (x=1)"},
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
