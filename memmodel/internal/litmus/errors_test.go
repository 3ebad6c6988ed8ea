package litmus

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// compile reads and compiles a test with the table of the kernel.
func compile(t testing.TB, m *primitive.Macros, src string) (*ir.Test, error) {
	t.Helper()
	ast, err := Parse("t", []byte(src))
	if err != nil {
		return nil, err
	}
	return ast.Compile(m)
}

// TestOtherFiles: a file that is no litmus test by its name is an error that says what reads it.
func TestOtherFiles(t *testing.T) {
	for file, want := range map[string]string{
		"pool.go":     "; crosscall gotest checks Go packages",
		"q.cpp":       "; a C program is a file *.c",
		"q.litmus":    `"int"`,
		"dir.go/test": `"int"`,
	} {
		if _, err := Parse(file, []byte("int main")); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v, want ... %s", file, err, want)
		}
	}
}

// wantError checks that err is an *Error with a place, and says want.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	var e *primitive.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want %q", err, want)
	}
	if e.Pos.Line < 1 || e.Pos.Col < 1 {
		t.Errorf("%v is nowhere", err)
	}
	if !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error\n\t%v\nwant\n\t%s ...", err, want)
	}
}

// numbered repeats what a format makes of 0, 1 ...
func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestErrors(t *testing.T) {
	m := table(t, "testdata/kernel.def")
	body := func(code string) string { return "C t\n{}\nP0(int *x, int *y)\n{\n" + code + "\n}\nexists (x=1)\n" }
	deep := strings.Repeat("(", 300)
	for _, c := range []struct{ src, want string }{
		{"\ufeffPPC t", `t:1:1: a test begins with C, AArch64, PPC, RISCV, X86 or X86_64, and its name; this one begins with "PPC"`},
		{"", "t:1:1: a test begins with C, AArch64, PPC, RISCV, X86 or X86_64, and its name"},
		{"PPC t\n{}\n", `t:1:1: a test begins with C, AArch64, PPC, RISCV, X86 or X86_64, and its name; this one begins with "PPC"`},
		{"C t\nno state", "t:2:9: the test ends before its initial state"},
		{"C t\n{ x=1", `t:2:6: this should be ";" or "}", but is the end of the file`},
		{"C t\n{ x=1 y=2; }", `t:2:7: this should be ";" or "}", but is "y"`},
		{"C t\n{ x=; }", `t:2:5: this should be a number or a variable, but is ";"`},
		{"C t\n{ x=1; int x; }\nP0() {}", "t:2:12: x has an initial value already"},
		{"C t\n{ 0:x=1; }\nP0(int *x) {}", "t:2:3: 0:x has an initial value already"},
		{"C t\n{ 0:r[2]; }\nP0(int *x) {}", `t:2:6: this should be ";" or "}", but is "["`},
		{"C t\n{ 1:r1=1; }\nP0(int *x) {}", "t:2:3: there is no thread P1"},
		{"C t\n{ int a[0]; }\nP0() {}", "t:2:7: an array has 1 to 1024 elements"},
		{"C t\n{ int a[9999]; }\nP0() {}", "t:2:9: an array has 1 to 1024 elements"},
		{"C t\n{ int a[2]={1}; }\nP0() {}", "t:2:12: a has 2 elements and 1 initial values"},
		{"C t\n{ int a[2]=1; }\nP0() {}", "t:2:12: the value of an array"},
		{"C t\n{ int a={1}; }\nP0() {}", "t:2:9: a is no array"},
		{"C t\n{ x=0:r1; }\nP0() {}", "t:2:5: an initial value is a number or the address of a variable"},
		{"C t\n{ x=&0:r1; }\nP0() {}", "t:2:6: 0:r1 is a register: it has no address"},
		{"C t\n{ x=a[1]; int a[1]; }\nP0() {}", "t:2:5: a has no element 1"},
		{"C t\n{ x=99999999999999999999; }", "t:2:5: 99999999999999999999 is no number that fits 63 bits"},
		{"C t\n{ x=0xg; }", "t:2:5: 0xg is no number"},
		{"C t\n{ (* x=1; }", "t:2:3: this comment is never closed"},
		{"C t\n{ @ }", `t:2:3: the character "@" has no meaning here`},
		{"C t\n{}\nexists (x=1)", `t:3:1: this should be the first thread`},
		{"C t\n{}\nP1(int *x) {}", `t:3:1: this should be P0`},
		{"C t\n{}\nP0(int *x, int *x) {}", "t:3:17: there are two parameters x"},
		{"C t\n{}\nP0(int *1) {}", `t:3:9: this should be a parameter, as in int *x, but is "1"`},
		{"C t\n{}\nP0(int *x) { r1 = 1;", `t:3:21: the file ends before the "}"`},
		{body("r1 = ;"), `t:5:6: this should be an expression, but is ";"`},
		{body("r1 = 1"), `t:6:1: this should be ";", but is "}"`},
		{body("r1 + 1 = 1;"), "t:5:8: only a register or *p can stand on the left of ="},
		{body("frob(x);"), "t:5:1: unknown function frob: not in kernel.def"},
		{body("r1 = 1 + frob(x);"), "t:5:10: unknown function frob: not in kernel.def"},
		{body("WRITE_ONCE(*x, frob());"), "t:5:16: unknown function frob: not in kernel.def"},
		{body("r1 = smp_mb();"), "t:5:6: smp_mb has no value"},
		{body("smp_mb(x);"), "t:5:1: smp_mb takes 0 arguments, not 1"},
		{body("r1 = READ_ONCE(x);"), "t:5:16: this has no address"},
		{body("r1 = READ_ONCE(*z);"), "t:5:6: READ_ONCE(*z) accesses address 0: the address has to be a parameter of P0"},
		{body("r1 = *5;"), "t:5:6: *5 accesses address 5, where there is no variable"},
		{body("r1 = &r2;"), "t:5:6: & needs something in memory after it"},
		{body("__fence{mb};"), "t:5:1: __fence belongs in a table of primitives"},
		{"C t\n{ int a[2]; int y; }\nP0(int *a) { r1 = a[2]; }", "t:3:19: a has no element 2"},
		{"C t\n{ int a[2]; int y; }\nP0(int *a) { WRITE_ONCE(*(a + 11), 1); }", "t:3:27: a has no element 11"},
		{"C t\n{ 0:r0=x; int y; }\nP0(int *y) { *(r0 + 9) = 1; }", "t:3:16: x has no element 9"},
		{"C t\n{ x=" + strings.Repeat("ATOMIC_INIT(", 300), "t:2:2405: this is nested more than 200 deep"},
		{"C t\n{}\nP0(" + numbered("int *x%d,", 5000), "t:3:43950: there are more than 4096 parameters"},
		{body(numbered("r%d = 1;", 5000)), "t:5:39857: there are more than 4096 names"},
		{body(numbered("f%d();", 5000)), "t:5:31666: there are more than 4096 names"},
		{"C t\n{}\nP0(int *x) {}\nlocations [" + numbered("0:r%d;", 20000) + "]", "t:4:136358: the condition and the list"},
		{body("(*x)++;"), "t:5:5: ++ needs a register, as in r1++"},
		{body("++*x;"), "t:5:1: ++ needs a register, as in ++r1"},
		{body("--5;"), "t:5:1: -- needs a register, as in --r1"},
		{body("r1 = r1++;"), "t:5:6: C does not say which use of r1 comes first: write it as two statements"},
		{body("r2 = r1 + --r1;"), "t:5:11: C does not say which use of r1 comes first"},
		{body("if (r1++ && r1) {}"), "t:5:5: C does not say which use of r1 comes first"},
		{body("goto out;"), "t:5:1: there is no label out in this thread"},
		{body("l: l: ;"), "t:5:4: there are two labels l"},
		{body("goto 3;"), `t:5:6: this should be a label, but is "3"`},
		{body("r1 = atomic_fetch_add_unless(x, 1);"), "t:5:6: atomic_fetch_add_unless takes 3 arguments, not 2"},
		{body("break;"), "t:5:1: break is in no loop"},
		{body("r2 = 5--r1;"), "t:5:7: -- needs a register"},
		{body("r1 <<= 2;"), "t:5:4: <<= is not supported"},
		{body("r1 = READ_ONCE(x->y);"), "t:5:17: -> is not supported"},
		{body("r1 = 010;"), "t:5:6: 010 is octal in C and decimal in herd7"},
		{body("r1 = (unsigned char)300;"), "t:5:16: a cast to char is not supported"},
		{body("r1 = 7 / 0;"), "t:5:10: a divisor has to be a number that is not 0"},
		{body("r1 = 7 % READ_ONCE(*x);"), "t:5:10: a divisor has to be a number that is not 0"},
		{body("r1 = 1 << 64;"), "t:5:11: a value of 64 bits cannot be shifted by 64"},
		{body("r1 = 1 >> -1;"), "t:5:11: a value of 64 bits cannot be shifted by -1"},
		{body("r1 = cmpxchg(x, READ_ONCE(*x), READ_ONCE(*y));"), "t:5:6: in cmpxchg, which kernel.def defines: C does not say which of these operands is read first"},
		{body("int r1; if (x) { int r1 = 2; }"), "t:5:22: r1 hides the register of that name"},
		{body("for (int r1 = 0; r1 < 2; r1 = r1 + 1) for (int r1 = 0; r1 < 2; r1 = r1 + 1) ;"), "t:5:48: r1 hides the register of that name"},
		{body("return 1;"), `t:5:8: this should be ";": a thread returns nothing, but is "1"`},
		{body("switch (r1) {}"), "t:5:1: switch cannot be used here"},
		{body("int if = 1;"), "t:5:5: if cannot be used here"},
		{body("int int = 1;"), "t:5:9: this should be the name of a register"},
		{body("int true = 1;"), "t:5:5: true is a constant"},
		{body("int a[2];"), "t:5:6: a thread's own arrays are not supported"},
		{body("do ; r1 = 1;"), `t:5:6: this should be the while of do, but is "r1"`},
		{body("r1 = 1 ? 2;"), `t:5:11: this should be ":"`},
		{body("r1 = " + deep), "t:5:105: this is nested more than 200 deep"},
		{body(strings.Repeat("{", 300)), "t:5:201: this is nested more than 200 deep"},
		{body("r1 = 1" + strings.Repeat("+1", 3000) + ";"), "t:5:6: this expression is too deep"},
		{body("/* never"), "t:5:1: this comment is never closed"},
		{body(`r1 = "text`), "t:5:6: this string is not closed on its line"},
		{"C t\n{}\nP0(int *x) {}\nlocations x", `t:4:11: this should be "["`},
		{"C t\n{}\nP0(int *x) {}\nlocations [x y z 1]", `t:4:18: this should be ";" or "]", but is "1"`},
		{"C t\n{}\nP0(int *x) {}\nlocations [1:r1]", "t:4:12: there is no thread P1"},
		{"C t\n{ x=010; }", "t:2:5: 010 is octal in C"},
		{"C t\n{}\nP0(int *x) {}\nexists (z=0)", "t:4:9: there is no variable z: no thread has it as a parameter, nor is it in the initial state"},
		{"C t\n{}\nP0(int *x) {}\nexists (x=z)", "t:4:11: there is no variable z"},
		{"C t\n{}\nP0(int *x) {}\nexists (0:r1=0)", "t:4:9: P0 has no register r1"},
		{"C t\n{}\nP0(int *x) {}\nfilter (0:r1=0)\nexists (x=0)", "t:4:9: P0 has no register r1"},
		{"C t\n{}\nP0(int *x) {}\nexists (1:r1=0)", "t:4:9: there is no thread P1"},
		{"C t\n{}\nP0(int *x) {}\nexists (x)", `t:4:10: this should be = or another comparison, but is ")"`},
		{"C t\n{}\nP0(int *x) {}\nexists (x=1", `t:4:12: this should be ")", but is the end of the file`},
		{"C t\n{}\nP0(int *x) {}\nexists (x=1) y=1", `t:4:14: the condition should end here, but "y" follows`},
		{"C t\n{}\nP0(int *x) {}\nnot forall (x=1)", `t:4:5: this should be exists, ~exists or forall, but is "forall"`},
		{"C t\n{}\nP0(int *x) {}\nexists (x={1})", "t:4:9: [x] is no array of 1 elements"},
		{"C t\n{ int x[1]; }\nP0(int *x) {}\nexists (x<{1})", "t:4:10: arrays can be compared with = and != only"},
		{"C t\n{}\nP0(int *x) {}\nexists " + deep, "t:4:108: this is nested more than 200 deep"},
		{"C t\n{}\nP0(int *x) {}\nexists (x[1]=1)", "t:4:9: x has no element 1"},
	} {
		_, err := compile(t, m, c.src)
		wantError(t, err, c.want)
	}
}

func TestMacroErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"f", `d:1:2: this should be "(", but is the end of the file`},
		{"f(X", `d:1:4: this should be "," or ")"`},
		{"f(X,X) X", "d:1:5: there are two parameters X"},
		{"f(X) Y", "d:1:6: Y is not a parameter of this primitive"},
		{"f(X) X\nf(X) X", "d:2:1: f is defined in line 1 already"},
		{"__load(X) X", "d:1:1: __load is part of the language and cannot be defined"},
		{"f(X) { X = 1; }", "d:1:10: only a register or *p can stand on the left of ="},
		{"f(X) { int Y = 1; }", "d:1:8: an entry of a table has no registers of its own"},
		{"f() { __fence; }", "d:1:7: __fence needs a tag"},
		{"f() { __fence{mb; }", `d:1:20: this should be ";", but is the end of the file`},
		{"f() { __fence{read=mb}; }", `d:1:15: __fence has no "read=mb"`},
		{"f(X) __load{write=a}(X)", `d:1:13: __load has no "write=a"`},
		{"f(X) __load{=a}(X)", `d:1:13: __load has no "=a"`},
		{"f(X) __load{fail=a}(X)", `d:1:13: __load has no "fail=a"`},
		{"f(X) __load{speed=a}(X)", `d:1:13: __load has no "speed=a"`},
		{"f(X) __load{a?}(X)", `d:1:13: the tag "a?" has a character that no tag may have`},
		{"f(X) __load{a", `d:1:12: this annotation has no "}"`},
		{"f(X) __load{a}(X,X)", "d:1:6: __load takes 1 operands, not 2"},
		{"f(X) __xchg{full}(X,1)", "d:1:6: without a key, __xchg has one of the tags once, acquire, release, mb"},
		{"f(X) __atomic_op_return{mb}(X,*,1)", `d:1:31: this should be one of + - & | ^ &~, but is "*"`},
		{"f() unsupported(why)", `d:1:17: this should be the reason, in quotes`},
		{`f() unsupported("")`, `d:1:17: the reason is missing`},
		{"__plain_load(X) { __fence{mb}; }", "d:1:1: __plain_load has to have 1 parameters and to stand for an expression"},
		{"__plain_store(X) { __fence{mb}; }", "d:1:1: __plain_store has to have 2 parameters and to stand for statements"},
	} {
		_, err := primitive.ParseMacros("d", []byte(c.src))
		wantError(t, err, c.want)
	}
}

// TestCallErrors has tables that can be read and go wrong when used.
func TestCallErrors(t *testing.T) {
	for _, c := range []struct{ def, call, want string }{
		{`f() unsupported("not here")`, "f()", "t:3:14: f cannot be used with d: not here"},
		{`__plain_load(X) unsupported("not here")`, "r1 = *x", "t:3:19: __plain_load cannot be used with d: not here"},
		{"f() g()", "f()", "t:3:14: in f, which d defines: unknown function g"},
		{"f() g(1)\ng() 1", "f()", "t:3:14: in f, which d defines: g takes 0 arguments, not 1"},
		{"f() f()", "f()", "t:3:14: in f, which d defines: f stands for something that holds itself"},
		{"f() { f(); }", "f()", "t:3:14: in f, which d defines: f stands for something that holds itself"},
		{"f(X) __load{once}(X)\ng(X) f(X)", "g(1)", "t:3:16: this has no address"},
		{"f(X) __load{once}(1)", "f(1)", "t:3:14: in f, which d defines: this has no address"},
		{"f() __fence{mb}", "r1 = f()", "t:3:19: in f, which d defines: __fence has no value"},
		{doubling(20), "r1 = f20()", "t:3:19: in f20, which d defines: the thread is too large"},
	} {
		m, err := primitive.ParseMacros("d", []byte(c.def))
		if err != nil {
			t.Fatal(err)
		}
		_, err = compile(t, m, "C t\n{}\nP0(int *x) { "+c.call+"; }\n")
		wantError(t, err, c.want)
	}
}

// doubling is a table in which f0 is 1, and each of the next n macros is twice the one before it.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("f0() 1")
	for i := range n {
		fmt.Fprintf(&b, "\nf%d() f%[2]d()+f%[2]d()", i+1, i)
	}
	return b.String()
}
