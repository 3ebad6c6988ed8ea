package litmus_test

import (
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/primitive"

	"github.com/google/go-cmp/cmp"
)

const replaceTable = `
READ_ONCE(X) __load{once}(X)
WRITE_ONCE(X,V) { __store{once}(X,V); }
smp_load_acquire(X) __load{acquire}(*X)
smp_store_release(X,V) { __store{release}(*X,V); }
rcu_assign_pointer(X,V) { __store{release}(X,V); }
atomic_read(X) READ_ONCE(*X)
smp_mb() { __fence{mb}; }
smp_wmb() { __fence{wmb}; }
nothing() { }
smp_store_mb(X,V) { __store{once}(X,V); __fence{mb}; }
xchg(X,V) __xchg{mb}(X,V)
xchg_relaxed(X,V) __xchg{once}(X,V)
`

// events are the texts and tags of the test's events.
func events(t *ir.Test) (list []string) {
	for _, th := range t.Prog.Threads {
		for _, in := range th.Instr {
			if in.Op == ir.Do {
				list = append(list, in.Text+" | "+strings.Join(in.Tags, " "))
			}
		}
	}
	return list
}

func TestReplacing(t *testing.T) {
	macros, err := primitive.ParseMacros("table", []byte(replaceTable))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body, with string
		want       []string // events, or an error
	}{
		{"smp_mb();", "smp_wmb", []string{"smp_wmb() | wmb"}},
		{"smp_mb();", "", nil},
		{"if (r1) smp_mb();", "", nil},
		{"smp_mb();", "nothing", nil},
		{"smp_load_acquire(x);", "READ_ONCE", []string{"READ_ONCE(*x) | once"}},
		{"r1 = smp_load_acquire(&x[1]);", "READ_ONCE", []string{"READ_ONCE(x[1]) | once"}},
		{"r1 = smp_load_acquire(x + 1);", "READ_ONCE", []string{"READ_ONCE(*(x + 1)) | once"}},
		{"r1 = READ_ONCE(x[1]);", "smp_load_acquire", []string{"smp_load_acquire(&x[1]) | acquire"}},
		{"r1 = READ_ONCE(*x);", "smp_load_acquire", []string{"smp_load_acquire(x) | acquire"}},
		{"r1 = READ_ONCE(*x);", "atomic_read", []string{"atomic_read(x) | once"}},
		{"r1 = READ_ONCE(*x);", "__plain_load", []string{"*x | "}},
		{"r1 = smp_load_acquire(x);", "__plain_load", []string{"*x | "}},
		{"smp_store_release(x, 1);", "WRITE_ONCE", []string{"WRITE_ONCE(*x, 1) | once"}},
		{"smp_store_release(x, 1);", "__plain_store", []string{"*x = 1 | "}},
		{"WRITE_ONCE(*x, r1 + 2);", "__plain_store", []string{"*x = r1 + 2 | "}},
		{"rcu_assign_pointer(*x, 1);", "WRITE_ONCE", []string{"WRITE_ONCE(*x, 1) | once"}},
		{"smp_store_mb(*x, 1);", "WRITE_ONCE", []string{"WRITE_ONCE(*x, 1) | once"}},
		{"r1 = xchg(x, 1);", "xchg_relaxed", []string{"xchg_relaxed(x, 1) | once", "xchg_relaxed(x, 1) | once"}},
		{"READ_ONCE(*x);", "", []string{"error: test:4:1: READ_ONCE accesses memory: it cannot be dropped, only be replaced"}},
		{"r1 = READ_ONCE(*x);", "", []string{"error: test:4:6: READ_ONCE has a value: it cannot be dropped"}},
		{"smp_store_mb(*x, 1);", "", []string{"error: test:4:1: smp_store_mb accesses memory: it cannot be dropped, only be replaced"}},
		{"smp_mb();", "smp_rmb", []string{"error: test:4:1: unknown function smp_rmb: not in table"}},
		{"smp_mb();", "xchg", []string{"error: test:4:1: xchg takes 2 arguments, not 0"}},
		{"smp_mb();", "__plain_store", []string{"error: test:4:1: smp_mb cannot be a plain access: it takes 0 arguments"}},
	} {
		ast, err := litmus.Parse("test", []byte("C t\n{ int x[2]; }\nP0(int *x) { int r1;\n"+c.body+"\n}\nexists (true)\n"))
		if err != nil {
			t.Fatal(err)
		}
		before := string(ast.Format())
		sites := ast.Sites()
		if len(sites) != 1 {
			t.Fatalf("%s: sites %v", c.body, sites)
		}
		var got []string
		test, err := ast.CompileReplaced(macros, map[graph.Pos]string{sites[0].Pos: c.with})
		if err != nil {
			got = []string{"error: " + err.Error()}
		} else {
			got = events(test)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s with %q (-want +got):\n%s", c.body, c.with, diff)
		}
		if string(ast.Format()) != before {
			t.Errorf("%s with %q: the test itself has changed", c.body, c.with)
		}
	}
}

func TestReplacingSeveral(t *testing.T) {
	macros, err := primitive.ParseMacros("table", []byte(replaceTable))
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("test", []byte("C t\n{}\nP0(int *x, int *y)\n{\n\tWRITE_ONCE(*y, READ_ONCE(*x)); smp_mb(); smp_store_release(y, smp_load_acquire(x));\n}\nexists (true)\n"))
	if err != nil {
		t.Fatal(err)
	}
	replace := map[graph.Pos]string{}
	var texts []string
	for _, s := range ast.Sites() {
		texts = append(texts, s.Text)
		replace[s.Pos] = map[string]string{"WRITE_ONCE": "__plain_store", "READ_ONCE": "__plain_load", "smp_mb": "", "smp_store_release": "WRITE_ONCE", "smp_load_acquire": "READ_ONCE"}[s.Name]
	}
	wantTexts := []string{"WRITE_ONCE(*y, READ_ONCE(*x))", "READ_ONCE(*x)", "smp_mb()", "smp_store_release(y, smp_load_acquire(x))", "smp_load_acquire(x)"}
	if diff := cmp.Diff(wantTexts, texts); diff != "" {
		t.Errorf("sites (-want +got):\n%s", diff)
	}
	test, err := ast.CompileReplaced(macros, replace)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"*x | ", "*y = *x | ", "READ_ONCE(*x) | once", "WRITE_ONCE(*y, READ_ONCE(*x)) | once"}
	if diff := cmp.Diff(want, events(test)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	if _, err := ast.CompileReplaced(macros, map[graph.Pos]string{{File: "test", Line: 1, Col: 1}: ""}); err == nil || err.Error() != "test:1:1: there is no primitive here that could be replaced" {
		t.Errorf("a place that is no site: %v", err)
	}
}
