package csource_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/model"
)

// A small tree in the shape of the kernel's.
var smallTree = map[string]string{
	"include/linux/llist.h": `
struct llist_head { struct llist_node *first; };
#define REAL_LLIST 1
`,
	"include/linux/only.h": `
#include <linux/kernel.h>
static inline int usable(void)
{
	return 7;
}
static inline int unusable(void)
{
	return NOT_KNOWN_HERE + 1;
}
static inline int broken(void) { strange syntax(here; }
bool names(void);
void odd(strange_type *x,
	int y);
static inline __attribute__((always_inline)) int headless(strange_type *x)
{
#ifdef CONFIG_NEVER
	return 1;
#else
	return 2;
#endif
}
#ifdef CONFIG_SMP
static inline int halves(void)
{
	return ((void)0 ? 1 : 0);
}
#endif
static inline int calls(void)
{
	if (IS_ENABLED(CONFIG_NEVER))
		return is_nowhere();
	return 5;
}
`,
	"include/linux/atomic.h":     "#error the shim is taken\n",
	"include/uapi/linux/user.h":  "#define USER 3\n",
	"include/asm-generic/some.h": "#define SOME 4\n",
	"lib/file.c": `
#include "private.h"
#include <linux/atomic.h>
int in_file(void)
{
	return PRIVATE;
}
`,
	"lib/private.h": "#define PRIVATE 9\n",
	"lib/several.c": `#include <linux/kernel.h>
struct some { int n; };
static void looped(struct some *s, const int n)
{
	for_each_unknown(s, n) {
		if (n)
			s->n = 1;
	}

	if (n)
		return;
	s->n = 2;
}

static void assigned(struct some *s, const int n)
{
	unknown_here(s) = n;
}

int behind(struct some *s)
{
	return s->n + 4;
}
`,
	"lib/hidden.c": `#include <linux/kernel.h>

unsigned int min(int a, int b)
{
	return a;
}
`,
}

func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestKernelTree reads files from a tree, and headers from the tree or this
// package.
func TestKernelTree(t *testing.T) {
	tree := writeTree(t, smallTree)
	for _, tt := range []struct{ name, src, want string }{
		{"a file", `#include "lib/file.c"` + "\nvoid P0(void) { BUG_ON(in_file() != 9); }", ""},
		{"a listed header", "#include <linux/llist.h>\nvoid P0(void) { (void)sizeof(struct llist_head); }\n#ifndef REAL_LLIST\n#error ours\n#endif\n", ""},
		{"a header that is only there", "#include <linux/only.h>\nvoid P0(void) { BUG_ON(usable() != 7); }", ""},
		{"a header for users", "#include <linux/user.h>\n#include <asm/some.h>\n#include <linux/kernel.h>\nvoid P0(void) { BUG_ON(USER + SOME != 7); }", ""},
		{"a function that cannot be compiled", "#include <linux/only.h>\nvoid P0(void) { unusable(); }", "include/linux/only.h:9:9: NOT_KNOWN_HERE is not declared"},
		{"one that cannot be parsed", "#include <linux/only.h>\nvoid P0(void) { broken(); }", "include/linux/only.h:11:"},
		{"one that is void where a value is needed", "#include <linux/only.h>\nvoid P0(void) { halves(); }", "include/linux/only.h:26:10: this has no value"},
		{"one whose head cannot be parsed", "#include <linux/only.h>\nvoid P0(void) { headless(0); }", "t.c:2:17: headless is not declared"},
		{"a declaration that cannot be parsed", "#include <linux/only.h>\nvoid P0(void) { odd(0, 1); }", "t.c:2:17: odd is not declared"},
		{"a declaration of what is a macro here", "#define names() 3\n#include <linux/only.h>\nvoid P0(void) { BUG_ON(names() != 3); }", ""},
		{"a call that is not reached", "#include <linux/only.h>\nvoid P0(void) { BUG_ON(calls() != 5); }", ""},
		{"one behind functions that cannot be read", "#include \"lib/several.c\"\nstruct some x;\nvoid P0(void) { BUG_ON(behind(&x) != 4); }", ""},
		{"a loop by an unknown macro", "#include \"lib/several.c\"\nstruct some x;\nvoid P0(void) { looped(&x, 1); }", "lib/several.c:5:"},
		{"an assignment to an unknown call", "#include \"lib/several.c\"\nstruct some x;\nvoid P0(void) { assigned(&x, 1); }", "lib/several.c:17:2: unknown_here is not declared"},
		{"a function of a .c file that is a macro here", "#include \"lib/hidden.c\"\nvoid P0(void) { }", "lib/hidden.c:3:14: min is a macro of the checker's own <linux/kernel.h>"},
		{"the same without the macro", "#include <linux/kernel.h>\n#undef min\n#include \"lib/hidden.c\"\nvoid P0(void) { BUG_ON(min(3, 2) != 3); }", ""},
		{"the configuration", "#include <linux/kernel.h>\nvoid P0(void) { BUG_ON(!IS_ENABLED(CONFIG_SMP)); }\n#ifndef CONFIG_64BIT\n#error\n#endif\n", ""},
		{"no such file", `#include "lib/none.c"` + "\nvoid P0(void) { }", "t.c:1:10: there is no header \"lib/none.c\""},
		{"beyond the tree", `#include "../x.h"` + "\nvoid P0(void) { }", "t.c:1:10: there is no header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := compileWith(t, tt.src, csource.Options{Kernel: tree})
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("%s\nwant %s", got, tt.want)
			}
		})
	}
}

// TestConfig turns an option of the default configuration off.
func TestConfig(t *testing.T) {
	src := "#ifdef CONFIG_SMP\n#error\n#endif\n#include <linux/kernel.h>\nvoid P0(void) { BUG_ON(IS_ENABLED(CONFIG_SMP) || !IS_ENABLED(CONFIG_MORE)); }"
	o := csource.Options{Kernel: writeTree(t, smallTree), Defines: map[string]string{"CONFIG_SMP": "n", "CONFIG_MORE": "1"}}
	if got := compileWith(t, src, o); got != "" {
		t.Error(got)
	}
}

// TestConfined: a file outside of the folders is not read.
func TestConfined(t *testing.T) {
	dir := writeTree(t, map[string]string{"in/t.c": "", "in/deeper/a.h": `#include "../b.h"` + "\n", "in/b.h": "", "out/c.h": ""})
	for _, tt := range []struct {
		include, folder, want string
	}{
		{"deeper/a.h", "", ""},
		{"../out/c.h", "", "there is no header"},
		{"../out/c.h", "out", ""},
		{"c.h", "out", ""},
	} {
		var o csource.Options
		if tt.folder != "" {
			o.Include = []string{filepath.Join(dir, tt.folder)}
		}
		_, err := csource.Parse(filepath.Join(dir, "in/t.c"), []byte("#include \""+tt.include+"\"\nvoid P0(void) {}\n"), o)
		if got := errorText(err); tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s with -I %s: %s, want %s", tt.include, tt.folder, got, tt.want)
		}
	}
}

// TestTreeInputs: Inputs differs if different files of the tree were read.
func TestTreeInputs(t *testing.T) {
	src := []byte("#include \"lib/file.c\"\nvoid P0(void) { in_file(); }\n")
	tree := writeTree(t, smallTree)
	read := func() string {
		s, err := csource.Parse("t.c", src, csource.Options{Kernel: tree})
		if err != nil {
			t.Fatal(err)
		}
		return s.Inputs()
	}
	before := read()
	if read() != before {
		t.Error("the same files are told apart")
	}
	if err := os.WriteFile(filepath.Join(tree, "lib/private.h"), []byte("#define PRIVATE 8\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if read() == before {
		t.Error("another header is not told apart")
	}
}

// compileWith returns the error of a program, or the reason why it does not
// hold.
func compileWith(t *testing.T, src string, o csource.Options) string {
	t.Helper()
	s, err := csource.Parse("t.c", []byte(src), o)
	if err != nil {
		return err.Error()
	}
	test, err := s.Compile(table(t, "lkmm"), nil)
	if err != nil {
		return err.Error()
	}
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	if r := check.Run(t.Context(), test, m, check.Options{}); r.Verdict != check.Holds {
		return fmt.Sprint(r.Verdict, r.Failure)
	}
	return ""
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
