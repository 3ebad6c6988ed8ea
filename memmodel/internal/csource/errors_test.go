package csource_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"crosscall/memmodel/internal/csource"
)

// TestErrors has sources that are not C, C that is not supported, and harnesses
// that are wrong. Each error has its place, and says what to do.
func TestErrors(t *testing.T) {
	const rest = "\nvoid P0(void) {}\n"
	tests := []struct{ name, src, want string }{
		{"syntax", "int x = ;" + rest, "t.c:1:9: syntax error"},
		{"undeclared", "void P0(void) { x = 1; }", "t.c:1:17: x is not declared"},
		{"no such function", "void P0(void) { f(1); }", "t.c:1:17: f has no body"},
		{"no such member", "struct s { int a; } s;\nvoid P0(void) { s.b = 1; }", "t.c:2:18: "},
		{"no such header", "#include <linux/nothing.h>\n" + rest, "t.c:1:10: there is no header <linux/nothing.h>"},
		{"too many arguments", "void f(int a) {}\nvoid P0(void) { f(1, 2); }", "t.c:2:17: "},
		{"end in a pointer", "int x;\nint *", "t.c:2:1: the file ends where a declaration has not ended"},
		{"end in an attribute", "int x;\nint * __attribute__\n", "t.c:"},
		{"string without an end", "int x;\nchar *s = \"abc;\nint y;", "t.c:2:"},
		{"string at the end", "int x;\nchar *s = \"abc\\\n", "t.c:3:1: the file ends with a backslash"},
		{"string to the end", "int x;\nchar *s = \"abc", "t.c:2:11: the string or character that begins here does not end"},
		{"comment without an end", "int x; /* int y;\n", "t.c:1:8: the comment that begins here does not end"},
		{"backslash at the end", "int x; \\\n", "t.c:2:1: the file ends with a backslash"},
		{"binary", "int x;\x00", "t.c:1:7: this is no text file"},
		{"not in comments", "/* ' \" */ int x; // it's\nchar c = '\\'', d = '\"'; char *s = \"\\\"//\"; void P0(void) {}\n", ""},
		{"include of nothing", "#include \n*tdio.h>\nint *const\n", "t.c:1:10: invalid argument"},
		{"end after an error", "int * x = ;\nint *restrict *", "t.c:1:11: "},
		{"float", "double d;" + rest, "t.c:1:8: values of type double are not supported"},
		{"float constant", "void P0(void) { int x = 1.5; }", "t.c:1:25: floating point"},
		{"bit-field", "struct { int a : 3; } s;\nvoid P0(void) { s.a = 1; }", ""},
		{"address of a bit-field", "struct { int a : 3; } s;\nvoid P0(void) { int *p = &s.a; }", "t.c:2:26: a bit-field has no address"},
		{"bit-field in the word of another member", "struct { int a : 3; char b; } s;" + rest, "t.c:1:31: "},
		{"a byte of a lock", "#include <linux/spinlock.h>\nunion { spinlock_t l; char b; } u;" + rest, "t.c:2:33: struct has members l and b that overlap, and are no word and its parts"},
		{"the address of a byte of a word", "union { unsigned w; unsigned char b[4]; } u; unsigned char *p; void P0(void) { p = &u.b[1]; }", "t.c:1:84: this is part of a word"},
		{"a byte of a word by an index", "union { unsigned w; unsigned char b[4]; } u; int i; void P0(void) { u.b[i] = 1; }", "t.c:1:69: the index of an array that is part of a word has to be constant"},
		{"union", "union { int a; long b; } u;" + rest, ""},
		{"array of unknown size", "void P0(void) { int n = 3; int a[2][n]; }", "t.c:1:32: the elements of this array have a size that is not constant"},
		{"too large", "char a[1000000];" + rest, "t.c:1:6: "},
		{"_Generic by const", "const char *p; int x;\nvoid P0(void) { x = _Generic(p, char *: 1, const char *: 2, default: 3); }", "t.c:2:21: this _Generic needs const and volatile of what pointers point to"},
		{"_Generic of a cast", "char *p; int x;\nvoid P0(void) { x = _Generic((const char *)p, char *: 1, default: 3); }", "t.c:2:21: this _Generic needs const"},
		{"_Generic of a pointer to a pointer", "char **p; int x;\nvoid P0(void) { x = _Generic(p, int **: 1, char **: 2); }", "t.c:2:21: this _Generic needs const"},
		{"_Generic of an enum", "enum e { A } x; int y;\nvoid P0(void) { y = _Generic(x, int: 1, default: 2); }", "t.c:2:21: _Generic of an enum is not supported: cast it to unsigned int"},
		{"typeof an operation on an enum", "enum e { A } x;\nvoid P0(void) { __typeof__(x + 1) y = x; }", "t.c:2:17: the type of this is unsigned int"},
		{"?: with a constant", "int x; void P0(void) {\n\tx = _Generic(x, int: 3) ?: 2; }", "t.c:2:6: the first operand of this ?: is constant"},
		{"memset of bit-fields", "#include <string.h>\nstruct { char c; int b : 3; } s;\nvoid P0(void) {\n\tmemset(&s, 1, sizeof(s)); }", "t.c:4:2: memset of bit-fields"},
		{"memset of bit-fields to zero", "#include <string.h>\nstruct { char c; int b : 3; } s;\nvoid P0(void) { memset(&s, 0, sizeof(s)); }", ""},
		{"bit-fields behind others in a union", "union { struct { char c; int b : 3; } s; long w; } u;" + rest, "t.c:1:52: the bit-field b begins at bit 8"},
		{"several characters", "int x;\nvoid P0(void) { x = 'ab'; }", "t.c:2:21: this is no character, and several in one constant are not supported"},
		{"arithmetic on a wide bit-field", "struct { unsigned long w : 40; } s; long x;\nvoid P0(void) { x = s.w >> 3; x = (long)s.w + 1; s.w += 2; x = s.w << 30; }", "t.c:2:64: arithmetic on a bit-field wider than int"},
		{"a struct among arguments without names", "#include <stdarg.h>\nstruct s { int a; } x;\nint f(int n, ...) { va_list l; va_start(l, n); return va_arg(l, int); }\nvoid P0(void) { f(1, x); }", "t.c:3:32: f is called with a struct"},
		{"static assertion", "_Static_assert(sizeof(int) == 4);\n_Static_assert(sizeof(int) == 3, \"three\");" + rest, "t.c:2:1: assertion failed: three"},
		{"a memory order beyond all", "#include <stdatomic.h>\natomic_int x;\nint main(void) { atomic_store_explicit(&x, 1, 7); }", "t.c:3:18: 7 is no memory order"},
		{"a condition that is void", "int x;\nvoid P0(void) { x = (void)0 ? 1 : 2; }", "t.c:2:21: this has no value, because it is void"},
		{"a void operand", "int x;\nvoid P0(void) { x = 1 && ((void)x, 1); x = (void)0 || 2; }", "t.c:2:44: this has no value, because it is void"},
		{"assembly", "void P0(void) { __asm__ volatile (\"rdtsc\"); }", "t.c:1:17: assembly is not supported, except barriers"},
		{"the value of && in #if", "#if (2 && 3) == 1\n#endif" + rest, "t.c:1:5: the value of && within another operation is not supported in #if"},
		{"the same in a second line, behind ?:", "\n#if 1\n#elif 4 < \\\n (1 ? (2 && 3) : 0)\n#endif" + rest, "t.c:4:2: the value of && within another operation is not supported in #if"},
		{"the truth of && in #if", "#if (2 && 3) || !(1 && 4) && ((5 && 6))\n#else\n#error\n#endif" + rest, ""},
		{"as a number", "#if !!(2 && 3) == 1\n#else\n#error\n#endif" + rest, ""},
		{"assembly with an output", "void P0(void) { int x; asm(\"\" : \"=r\"(x) : \"0\"(3)); }", "t.c:1:24: assembly with an output is not supported"},
		{"assembly that hides a value", "void P0(void) { int x = 1; asm volatile(\"\" : \"+r\"(x) : : \"memory\"); }", ""},
		{"a barrier beside other assembly", "void P0(void) { asm volatile(\"mfence; rdtsc\"); }", "t.c:1:17: assembly is not supported, except barriers"},
		{"a barrier of another machine", "void P0(void) { asm volatile (\"mfence\"); }", "t.c:1:17: mfence is an instruction of another machine than that of lkmm.def: check this with --model x86-tso"},
		{"a compiler barrier", "void P0(void) { asm volatile(\"\" ::: \"memory\"); }", ""},
		{"varargs", "int f(const char *s, ...) { return 0; }\nvoid P0(void) { f(\"x\", 1, 2); }", ""},
		{"too few for varargs", "int f(const char *s, ...) { return 0; }\nvoid P0(void) { f(); }", "t.c:2:17: "},
		{"computed goto", "void P0(void) { void *p = &&l; l: goto *p; }", "t.c:1:27: the address of a label is not supported"},
		{"attribute", "int x __attribute__((weird(3)));" + rest, "t.c:1:22: the attribute weird is not known"},
		{"attribute of a macro", "#define STRANGE __attribute__((__weird__))\nint x STRANGE;" + rest, "t.c:1:32: the attribute __weird__ is not known"},
		{"three attributes", "void f(int *p) {}\nvoid P0(void) { int x __attribute__((unused, cleanup(f), aligned(4))) = 0; }", "t.c:2:46: there are more than two attributes in one list"},
		{"cleanup of nothing", "void P0(void) { int x __attribute__((cleanup(f))) = 0; }", "t.c:1:38: cleanup needs the name of a function"},
		{"a jump into a scope", "#include <stddef.h>\nvoid f(int *p) {}\nvoid P0(void) { goto in; { int x __attribute__((cleanup(f))) = 0; in: x++; } }", "t.c:3:17: this jumps into the scope of x"},
		{"a case into a scope", "void f(int *p) {}\nint y;\nvoid P0(void) { switch (y) { case 1: ; int x __attribute__((cleanup(f))) = 0; case 2: x++; } }", "t.c:3:79: the switch jumps into the scope of x"},
		{"a struct as one word", "#include <linux/compiler.h>\nstruct s { int a, b; } x, y;\nvoid P0(void) { x = READ_ONCE(y); }", "t.c:3:21: s is a struct, and cannot be accessed as one word"},
		{"two words at once", "#include <linux/atomic.h>\nlong a[2];\nvoid P0(void) { (void)cmpxchg_double(&a[0], &a[1], 0, 0, 1, 1); }", "t.c:3:23: cmpxchg_double changes two words at once"},

		{"assignment to a constant", "int x;\nvoid P0(void) { 1 = x; }", "t.c:2:17: this cannot be assigned to"},
		{"assignment to an address", "int x;\nvoid P0(void) { &x = 0; }", "t.c:2:17: this cannot be assigned to"},
		{"twice int", "void P0(void) { int int y; }", "t.c:1:17: these words make no type together: int int"},
		{"thrice long", "void P0(void) { long long long y; }", "t.c:1:17: these words make no type together: long long long"},
		{"octal with an 8", "void P0(void) { int x = 08; }", "t.c:1:25: \"08\" is no number"},
		{"string added", "int x;\nvoid P0(void) { x += \"s\"; }", "t.c:2:22: an integer is needed here"},
		{"string compared", "struct s { int a; } x;\nvoid P0(void) { if (x < 1) ; }", "t.c:2:"},
		{"shift by a pointer", "int x, *p;\nvoid P0(void) { x <<= p; }", "t.c:2:23: an integer is needed here"},
		{"a value of void", "void P0(void) { return 1; }", "t.c:1:24: P0 returns nothing: it is void"},
		{"void of void", "void f(void) {}\nvoid P0(void) { return f(); }", ""},
		{"a void variable", "void P0(void) { void v; }", "t.c:1:22: v is void"},
		{"a struct from a number", "void P0(void) { struct s { int a; } x = 3; }", "t.c:1:41: this is no "},
		{"realloc", "#include <stdlib.h>\nvoid *p; int n;\nvoid P0(void) { p = realloc(p, n); }", "t.c:3:21: the type of what is allocated is not known"},
		{"memcmp of padding", "#include <string.h>\nstruct s { char c; int i; } x, y;\nvoid P0(void) { (void)memcmp(&x, &y, sizeof(x)); }", "t.c:3:23: memcmp would compare bytes here that no member has: compare the members"},
		{"a condition that calls", "int x;\n#if FOO(1)\nint y;\n#endif" + rest, "t.c:2:5: FOO is no macro here: a condition that calls it has no value"},
		{"a condition that calls in vain", "#ifdef Q\n#if FOO(1)\n#endif\n#endif\n#define A(x) x\n#if A(1) && defined(B) && !defined (C) // D(1)\n#endif" + rest, ""},
		{"cover of two", "#include <crosscall.h>\nvoid P0(void) { cover(1, 2); }", "t.c:2:17: cover has one operand or none"},
		{"undeclared behind &", "void P0(void) { int *p = &missing(3); }", "t.c:1:27: missing is not declared"},
		{"address of a value", "int f(void) { return 1; }\nvoid P0(void) { int *p = &f(); }", "t.c:2:26: this has no address"},
		{"decrement of a constant", "int x;\nvoid P0(void) { x = --1; }", "t.c:2:21: this cannot be assigned to"},
		{"increment of a sum", "int x;\nvoid P0(void) { (x + 1)++; }", "t.c:2:17: this cannot be assigned to"},
		{"empty member", "struct s { int a; ; } x;" + rest, "t.c:1:19: this declares no member of the struct"},
		{"enum as a member behind one outside", "const char *c = \"}{\\\"}\", d = '{';\nenum { A };\nstruct s { enum { B }; int a; } x;" + rest, "t.c:3:12: this declares no member of the struct"},
		{"enum as a member", "struct s { enum { A }; int a; } x;" + rest, "t.c:1:12: this declares no member of the struct"},
		{"a label twice", "#define M ({ __label__ l; goto l; l:; 1; })\nvoid P0(void) { (void)M; (void)M; }", "t.c:2:32: the function has a label l already"},
		{"unknown macro as a statement", "int x;\nvoid P0(void)\n{\n\tx = 1;\n\tDO_IT\n\tx = 2;\n}", "t.c:5:2: DO_IT is not known here, neither as a macro nor as a type"},
		{"unknown macro of a loop", "int x;\nvoid P0(void)\n{\n\tfor_each_thing(x) { x = 2; }\n}", "t.c:4:2: for_each_thing is not known here"},
		{"unknown macro at file scope", "int x;\nDEFINE_THING(x);" + rest, "t.c:2:1: DEFINE_THING is not known here"},
		{"unknown type", "void P0(void) { thing_t x; }", "t.c:1:17: thing_t is not known here"},
		{"recursion", "int f(int n) { return n ? f(n - 1) : 0; }\nvoid P0(void) { f(3); }", ""},
		{"two sizes", "long l;\nvoid P0(void) { *(int *)&l = 1; }", "t.c:2:18: memory of type long cannot be accessed as int"},
		{"no threads", "int x;", "t.c:1:1: there are no threads"},
		{"a gap", "void P0(void) {}\nvoid P2(void) {}", "t.c:2:6: there is P2 but no P1"},
		{"parameters", "void P0(int x) {}", "t.c:1:6: P0 has to be declared as void P0(void)"},
		{"init fails", "#include <crosscall.h>\nint x;\nvoid init(void) { assert(x); }" + rest, "t.c:3:19: before the threads start: assert(x) fails"},
		{"init waits", "#include <linux/spinlock.h>\nspinlock_t l;\nvoid init(void) { spin_lock(&l); spin_lock(&l); }" + rest, "t.c:3:34: before the threads start: this does not come to an end"},
		{"choice in a loop of init", "#include <crosscall.h>\nint x;\nvoid init(void) { for (int i = 0; i < 2; i++) x = choose(2); }" + rest, "t.c:3:51: code that runs before or after the threads cannot choose in a loop"},
		{"choice", "#include <crosscall.h>\nint n = 2;\nvoid P0(void) { choose(n); }", "t.c:3:17: choose needs a constant"},
		{"not constant", "int x; int y = x;" + rest, "t.c:1:16: the initial value of a static variable has to be constant"},
		{"malloc of what", "#include <stdlib.h>\nvoid P0(void) { void *p = malloc(4); }", "t.c:2:27: the type of what is allocated is not known"},
		{"model lacks it", "#include <stdatomic.h>\natomic_int x;\nvoid P0(void) { atomic_load(&x); }", "t.c:3:17: c11_load_seq_cst cannot be used with lkmm.def"},
		{"memset", "#include <string.h>\nint x;\nvoid P0(void) { memset(&x, 0, 3); }", "t.c:3:17: this needs a pointer to something of which the size is a multiple"},
		{"const", "void f(const char *const p) { p++; }\nvoid P0(void) { f(0); }", "t.c:1:31: p is const"},
		{"threads of threads", "#include <pthread.h>\nvoid *f(void *p) { return p; }\nvoid P0(void) { pthread_t t; pthread_create(&t, 0, f, 0); }", "t.c:3:30: threads can be made and joined where there is a main"},
		{"switch over a pointer", "int *p;\nvoid P0(void) { switch (p) { } }", "t.c:2:17: switch needs an integer"},
		{"packed", "struct s { char a; long b; } __attribute__((packed)) p;" + rest, "t.c:1:54: struct s {a char; b long} is packed"},
		{"packed first", "struct __attribute__((packed)) s { char a; long b; } p;" + rest, "t.c:1:54: struct s {a char; b long} is packed"},
		{"aligned", "struct s { char a; long b; } __attribute__((aligned(64))) p;" + rest, ""},
		{"union of signs", "union { int a; unsigned b; } u;" + rest, ""},
		{"union of longs", "union { long a; unsigned long b; void *p; } u;" + rest, ""},
		{"another type before", "long l; void init(void) { void *p = &l; *(int *)p = 1; }" + rest, "t.c:1:41: before the threads start: *(int *)p = 1 accesses memory as another type"},
		{"two P0", "void P0(void) {}\nvoid P0(void) {}", "t.c:2:6: P0 has a body already, at t.c:1:6"},
		{"declared twice", "#include <linux/spinlock.h>\ntypedef int spinlock_t;" + rest, "t.c:2:13: spinlock_t is declared as another type at linux/spinlock.h:"},
		{"struct twice", "struct s { int a; }; struct s { long b; };" + rest, "t.c:1:22: struct s is declared as another type at t.c:1:1"},
		{"initialized twice", "int x = 1;\nint x = 2;" + rest, "t.c:2:5: multiple definitions of 'x'"},
		{"too many threads", manyThreads(101), "t.c:101:6: there are more than 100 threads"},
		{"many threads", manyThreads(100), ""},
		{"threads without an end", "#include <pthread.h>\nvoid *f(void *p) { return p; }\nint main(void) { pthread_t t; while (1) pthread_create(&t, 0, f, 0); }", ""},
		{"const", "const int k = 3;\nvoid P0(void) { k = 4; }", "t.c:2:17: k is const"},
		{"const local", "void P0(void) { const int k = 3; k++; }", "t.c:1:34: k is const"},
		{"const pointer", "int x; void P0(void) { int *const p = &x; *p = 1; p = 0; }", "t.c:1:51: p is const"},
		{"pointer to const", "const int x; void P0(void) { const int *p = 0; p = &x; }", ""},
		{"a case twice", "int x; void P0(void) { switch (x) { case 1: case 3: case 1: ; } }", "t.c:1:53: this is a case of the switch already, at t.c:1:37"},
		{"a case in a range", "int x; void P0(void) { switch (x) { case 1 ... 5: case 3: ; } }", "t.c:1:51: this is a case of the switch already, at t.c:1:37"},
		{"many dimensions", "int x" + strings.Repeat("[1]", 400) + ";" + rest, "t.c:1:5: "},
		{"main and P0", "int x;\nvoid P0(void) { x = 1; }\nint main(void) { return 0; }", "t.c:2:6: there is a main, too"},
		{"main that makes a thread of P0", "#include <pthread.h>\nvoid *P0(void *p) { return p; }\nint main(void) { pthread_t t; pthread_create(&t, 0, P0, 0); }", ""},
		{"condition variables that nobody uses", "#include <pthread.h>\npthread_cond_t c;" + rest, ""},
		{"kfree_rcu", "#include <linux/rcupdate.h>\nstruct s { struct rcu_head rcu; } *p;\nvoid P0(void) { kfree_rcu(p, rcu); }", ""},
		{"call_rcu in a loop", "#include <linux/rcupdate.h>\nstruct rcu_head h[3];\nvoid f(struct rcu_head *h) {}\nvoid P0(void) { for (int i = 0; i < 3; i++) call_rcu(&h[i], f); }", "t.c:4:45: in a loop this is not supported, because each call is a thread"},
		{"call_rcu in init", "#include <linux/rcupdate.h>\nstruct rcu_head h;\nvoid f(struct rcu_head *h) {}\nvoid init(void) { call_rcu(&h, f); }" + rest, "t.c:4:19: init and final run by themselves"},
		{"call_rcu", "#include <linux/rcupdate.h>\nstruct s { struct rcu_head rcu; } *p;\nvoid f(struct rcu_head *h) {}\nvoid P0(void) { call_rcu(&p->rcu, f); }", ""},
		{"a lock from before", "#include <linux/spinlock.h>\nspinlock_t l;\nvoid init(void) { spin_lock(&l); }" + rest, "t.c:3:6: the lock l is taken when the threads start"},
		{"a lock that starts taken", "#include <linux/spinlock.h>\nspinlock_t l = { 1 };" + rest, "t.c:2:18: the lock l is taken when the threads start"},
		{"an unlock before", "#include <linux/spinlock.h>\nspinlock_t l;\nvoid init(void) { spin_unlock(&l); }" + rest, "t.c:3:19: before the threads start: spin_unlock(&l) releases a lock that the thread does not hold"},
		{"too many objects before", "#include <linux/slab.h>\nvoid init(void) { for (int i = 0; i < 65; i++) kmalloc(sizeof(int), 0); }" + rest, "t.c:2:48: before the threads start: more than 64 objects are allocated here"},
		{"a lot of calls", doubling(20) + rest, ""},
		{"too many calls", doubling(20) + "void P0(void) { f19(); }", "t.c:"},
		{"endless macro", "#define A B B\n#define B C C\n#define C D D\n#define D E E\n#define E F F\n#define F G G\n#define G H H\n#define H I I\n#define I J J\n#define J K K\n#define K L L\n#define L M M\n#define M N N\n#define N O O\n#define O P P\n#define P Q Q\n#define Q R R\n#define R S S\n#define S T T\nint x = A;", "t.c:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := compile(t, tt.src, "lkmm")
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			e := new(csource.Error)
			if !errors.As(err, &e) {
				t.Fatalf("%v, want %s", err, tt.want)
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
		})
	}
}

func manyThreads(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "void P%d(void) {}\n", i)
	}
	return b.String()
}

// TestIncluding is about files that include each other.
func TestIncluding(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	guarded := func(name, text string) *fstest.MapFile {
		return file("#ifndef " + name + "\n#define " + name + "\n" + text + "#endif\n")
	}
	for _, tt := range []struct {
		name, src, want string
		files           fstest.MapFS
	}{
		{"itself", "#define A 1\n#include \"t.c\"\nint x = A;\n", "t.c:2:1: t.c includes itself", nil},
		{"itself and nothing else", "#include \"t.c\"\n", "t.c:1:1: t.c includes itself", nil},
		{"each other", "#include \"a.h\"\nvoid P0(void) {}\n", "b.h:2:3: a.h includes itself", fstest.MapFS{"a.h": file("#include \"b.h\"\n"), "b.h": file("int x;\n  # include \"a.h\"\n")}},
		{"each other with guards", "#include \"a.h\"\n#include \"b.h\"\nvoid P0(void) { x = y; }\n", "", fstest.MapFS{"a.h": guarded("A", "#include \"b.h\"\nint x;\n"), "b.h": guarded("B", "#include \"a.h\"\nint y;\n")}},
		{"without an end behind a condition", "#if 1\n#include \"t.c\"\n#endif\n", "t.c:", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.files == nil {
				tt.files = fstest.MapFS{}
			}
			tt.files["t.c"] = file(tt.src)
			_, err := csource.Parse("t.c", []byte(tt.src), csource.Options{Files: tt.files})
			if e := new(csource.Error); tt.want == "" && err != nil || tt.want != "" && (!errors.As(err, &e) || !strings.HasPrefix(err.Error(), tt.want)) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

// doubling returns n functions, each of which calls the one before it twice.
func doubling(n int) string {
	var b strings.Builder
	b.WriteString("static void f0(void) {} ")
	for i := 1; i < n; i++ {
		name, last := string(rune('0'+i%10)), string(rune('0'+(i-1)%10))
		if i >= 10 {
			name = "1" + name
		}
		if i > 10 {
			last = "1" + last
		}
		b.WriteString("static void f" + name + "(void) { f" + last + "(); f" + last + "(); } ")
	}
	return b.String()
}

func compile(t *testing.T, src, model string) error {
	t.Helper()
	s, err := csource.Parse("t.c", []byte(src), csource.Options{})
	if err != nil {
		return err
	}
	_, err = s.Compile(table(t, model), nil)
	return err
}
