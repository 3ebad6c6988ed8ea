package litmus

import (
	"testing"

	"crosscall/memmodel/internal/condition"
	"crosscall/memmodel/internal/ir"
)

func TestName(t *testing.T) {
	for _, c := range []struct{ header, want string }{
		{"C mp+o-o", "mp+o-o"},
		{"C auto/mp.litmus", "auto/mp"},
		{"C mp (\"texname\")", "mp"},
		{"C mp\"title\"", "mp"},
		{"\n // comment\nC mp", "mp"},
		{"C", "file"},
		{"C --", "file"},
	} {
		ast, err := Parse("dir/file.litmus", []byte(c.header+"\n{}\nP0() {}\n"))
		if err != nil {
			t.Errorf("%s: %v", c.header, err)
		} else if ast.Name != c.want {
			t.Errorf("%s: name %q, want %q", c.header, ast.Name, c.want)
		}
	}
}

func TestResult(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"(* Result: Never *)", "Never"},
		{"(*\n * Result: Sometimes\n *)", "Sometimes"},
		{"// Result:Always", "Always"},
		{"(* Result: DEADLOCK, always *)", "DEADLOCK"},
		{"(* Result: Never DATARACE *)", "Never"},
		{"(* Expected: Never *)", ""},
		{"(* Result: *)", ""},
	} {
		ast, err := Parse("t", []byte("C t\n"+c.text+"\n{}\nP0() {}\n"))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if ast.Result != c.want {
			t.Errorf("%s: %q, want %q", c.text, ast.Result, c.want)
		}
	}
}

// A name is not a comment.
func TestResultIsNotInTheName(t *testing.T) {
	ast, err := Parse("t", []byte("C a+Result: Never\n{}\nP0() {}\n"))
	if err == nil && ast.Result != "" {
		t.Errorf("%q", ast.Result)
	}
	ast, err = Parse("t", []byte("(* Result: Always *)\nC t\n{}\nP0() {}\n"))
	if err == nil && ast.Result != "Always" {
		t.Errorf("%q, want Always", ast.Result)
	}
}

func TestCondText(t *testing.T) {
	for _, c := range []struct{ cond, want string }{
		{"", "forall (true)"},
		{"exists (0:r1=0x10 /\\ x=1);", "exists (0:r1=16 /\\ [x]=1)"},
		{"~ exists x=-1", "~exists ([x]=-1)"},
		{"not exists (x=&y)", "~exists ([x]=y)"},
		{"final x=1", "exists ([x]=1)"},
		{"forall (x=1 /\\ y=2) \\/ z=3", "forall ([x]=1 /\\ [y]=2 \\/ [z]=3)"},
		{"exists (x=1 \\/ y=2) /\\ z=3", "exists (([x]=1 \\/ [y]=2) /\\ [z]=3)"},
		{"exists not x=1 /\\ ~(y!=2 \\/ z=3)", "exists (not ([x]=1) /\\ not (not ([y]=2) \\/ [z]=3))"},
		{"exists x=1 => y=2 /\\ z=3", "exists (([x]=1 => [y]=2) /\\ [z]=3)"},
		{"exists (x=1 => y=2) => false", "exists ([x]=1 => [y]=2 => false)"},
		{"exists (x=1 /\\ (y=1 /\\ z=1))", "exists ([x]=1 /\\ [y]=1 /\\ [z]=1)"},
		{"exists (0:r1=0:r2 /\\ [x]=[y] /\\ x=*y)", "exists (0:r1=0:r2 /\\ [x]=[y] /\\ [x]=[y])"},
	} {
		ast, err := Parse("t", []byte("C t\n{}\nP0(int *x) {}\n"+c.cond))
		if err != nil {
			t.Errorf("%s: %v", c.cond, err)
		} else if got := condition.Text(ast.Quant, ast.Cond); got != c.want {
			t.Errorf("%s: %s, want %s", c.cond, got, c.want)
		}
	}
}

func TestFormatValue(t *testing.T) {
	test, err := compile(t, table(t, "testdata/kernel.def"), `C t
{ int x; atomic_t v; int a[2]; spinlock_t l = 0; }
P0(int *x, spinlock_t *m) { r1 = x + 1; spin_lock(m); }
locations [0:r1; x; v; l; m; a]
`)
	if err != nil {
		t.Fatal(err)
	}
	cell := func(name string) int64 {
		for i, c := range test.Prog.Cells {
			if c.Name == name {
				return ir.AddrOf(i)
			}
		}
		t.Fatal("no cell", name)
		return 0
	}
	for _, c := range []struct {
		observed string
		v        int64
		ok       bool
		want     string
	}{
		{"0:r1", -3, true, "-3"},
		{"0:r1", 1 << 30, true, "1073741824"},
		{"0:r1", cell("x"), true, "x"},
		{"[x]", cell("a[1]"), true, "a[1]"},
		{"[x]", cell("a[0]"), true, "a"},
		{"[x]", cell("x") + 1, true, "x+1"}, // of the gap
		{"[x]", ir.AddrOf(len(test.Prog.Cells)), true, "m+1"},
		{"[x]", ir.AddrOf(0) - 1, true, "1099511627775"},
		{"[x]", 0, false, "?"},
		{"[v]", -2, true, "4294967294"},
		{"[v]", 2, true, "2"},
		{"[l]", 1, true, "0"},
		{"[m]", 1, true, "0"},
		{"a[0]", -1, true, "-1"},
	} {
		found := false
		for o, name := range test.ObservedNames {
			if name != c.observed {
				continue
			}
			found = true
			if got := test.FormatValue(o, c.v, c.ok); got != c.want {
				t.Errorf("%s = %d: %s, want %s", c.observed, c.v, got, c.want)
			}
		}
		if !found {
			t.Errorf("%s is not observed", c.observed)
		}
	}
}
