package cat

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ignorePlaces makes cmp ignore places in the source.
var ignorePlaces = cmp.Comparer(func(At, At) bool { return true })

// TestPrecedence: each expression means the one with all its parentheses.
func TestPrecedence(t *testing.T) {
	for _, c := range [][2]string{
		{`a | b | c`, `a | (b | c)`},
		{`a ; b ; c`, `a ; (b ; c)`},
		{`a & b & c`, `a & (b & c)`},
		{`a \ b \ c`, `(a \ b) \ c`},
		{`a ++ b ++ c`, `a ++ (b ++ c)`},
		{`a | b ; c`, `a | (b ; c)`},
		{`a ; b | c`, `(a ; b) | c`},
		{`a | b ++ c ; d`, `a | (b ++ (c ; d))`},
		{`a ; b \ c`, `a ; (b \ c)`},
		{`a \ b & c`, `a \ (b & c)`},
		{`a & b \ c`, `(a & b) \ c`},
		{`~a & b`, `(~a) & b`},
		{`~a^-1`, `~(a^-1)`},
		{`~~a`, `~(~a)`},
		{`a & b * c`, `a & (b * c)`},
		{`a * b ; c`, `(a * b) ; c`},
		{`a* ; b`, `(a*) ; b`},
		{`a* b`, `a * b`},
		{`a* * b`, `(a*) * b`},
		{`a * ~b`, `a * (~b)`},
		{`a+?`, `(a+)?`},
		{`a^-1+`, `(a^-1)+`},
		{`a+^-1`, `(a+)^-1`},
		{`a^-1^-1`, `(a^-1)^-1`},
		{`f a b`, `(begin f a end) b`},
		{`f a ; b`, `(f a) ; b`},
		{`f a^-1`, `(f a)^-1`},
		{`domain r | range r`, `(domain(r)) | (range(r))`},
		{`f [a]`, `f ([a])`},
		{`a-b.c`, `a-b.c`},
		{`let x = a in b | c`, `let x = a in (b | c)`},
		{`try a | b with c | d`, `try (a | b) with (c | d)`},
		{`if "a" || not "b" && "c" then x else y | z`, `if ("a" || ((not "b") && "c")) then x else (y | z)`},
	} {
		x, y := parseExpr(t, c[0]), c[1]
		if c[0] == `f a b` { // an application is applied: this has no form with parentheses
			app := x.(*App)
			if _, ok := app.Fun.(*App); !ok {
				t.Errorf("%s: f (a b)", c[0])
			}
			continue
		}
		if diff := cmp.Diff(parseExpr(t, y), x, ignorePlaces); diff != "" {
			t.Errorf("%s is not %s:\n%s", c[0], y, diff)
		}
	}
}

func parseExpr(t *testing.T, src string) Expr {
	t.Helper()
	f, err := Parse("x", []byte("let x = "+src))
	if err != nil {
		t.Fatal(err)
	}
	return f.Ins[0].(*Define).Binds[0].X
}

// everyForm has each construct of the language once.
const everyForm = `Arch "a title" catdep // comment
# another (* "
(* a comment (* in *) a comment *)
let a = 0 and b = _ and c = {} and d = {a, b} and e = 't
let (a, b) = (c, d) in
let a, _ = ()
let f x = x
let f _ = a
let f() = a
let f(x, y) = fun z -> fun (u, v) -> x
let rec r = r ; r and s = r when acyclic r as name
let x = begin match e with || 't -> a || 'u -> b || _ -> c end end
let x = match e with 't -> a end
let x = match s with {} -> a || x ++ y -> b end
let x = match s with || x | y ++ z -> b || {} -> a end
let x = try a with b
let x = if a = b then c else if a subset b then c else if a in b then c else d
let x = if not ("a" || variant "b") && "c" then d else e
let x = let y = a in let rec z = y in z
let x = po*
~empty a \ b as name
acyclic a | b
irreflexive a, b
flag ~empty a as f
undefined_unless empty a as u
assert empty a as v
show a, b
show a* as c
unshow a, b
include "x.cat"
procedure p(a, b) = empty a call p(a, b) as q end
procedure rec p a = end
call p 't
debug a
forall x in s do empty x end
with co from f(a)
if "v" empty a else show b end
if not "v" include "y.cat" end
match e with || 't -> empty a || _ -> empty b empty c end
match e with 't -> end
enum en = 't || 'u
enum en = || 't
instructions R[{'t}, en]
default W['t]
`

func TestRoundTrip(t *testing.T) {
	sources := map[string]string{"every form": everyForm, "empty": "", "one word": "PPC", "a title": `"x"`}
	files, _ := filepath.Glob("lib/*.cat")
	more, _ := filepath.Glob("testdata/*/*.*")
	for _, name := range append(files, more...) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(src)
	}
	for name, src := range sources {
		if err := roundTrip([]byte(src)); err != "" {
			t.Errorf("%s: %s", name, err)
		}
	}
}

// roundTrip reports how Format changes a source. It reports nothing for a
// source that does not parse.
func roundTrip(src []byte) string {
	f, err := Parse("in", src)
	if err != nil {
		if _, ok := err.(*Error); !ok {
			return "an error without a place: " + err.Error()
		}
		return ""
	}
	out := f.Format()
	g, err := Parse("out", out)
	if err != nil {
		return err.Error() + "\n" + string(out)
	}
	return cmp.Diff(f, g, ignorePlaces)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everyForm))
	files, _ := filepath.Glob("lib/*.cat")
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := roundTrip(src); err != "" {
			t.Error(err)
		}
	})
}

func FuzzCompile(f *testing.F) {
	for _, file := range []string{"testdata/plans.txt", "testdata/errors.txt"} {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, block := range strings.Split(string(src), "\n# ") {
			_, model, _ := strings.Cut(block, "\n")
			model, _, _ = strings.Cut(model, "----")
			f.Add([]byte(model))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := Compile("fuzz", src, Options{})
		if _, ok := err.(*Error); err != nil && !ok {
			t.Errorf("an error without a place: %v", err)
		}
	})
}
