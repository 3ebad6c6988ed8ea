package explore_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"crosscall/memmodel/internal/cat"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

// parse compiles the body of a litmus test for the LKMM.
func parse(t *testing.T, body string) (*ir.Test, *model.Model) {
	t.Helper()
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("test", []byte("C test\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	return test, m
}

// TestBoundIsSeen: what lies behind the bound is not taken for what is not
// there, however the goal or the filter speaks of it.
func TestBoundIsSeen(t *testing.T) {
	tests := map[string]string{
		"a register that counts": `{} P0(int *x) { int r1 = 0; int r2 = 0; while (r1 == 0) { r2 = r2 + 1; r1 = READ_ONCE(*x); } }
			P1(int *x) { WRITE_ONCE(*x, 1); } exists (0:r2=5)`,
		"a cell that is written behind": `{} P0(int *x, int *y) { int r1 = 0; while (r1 == 0) { r1 = READ_ONCE(*x); } WRITE_ONCE(*y, 1); }
			P1(int *x) { } exists (y=1)`,
		"a lock that is given back behind": `{} P0(int *x, spinlock_t *l) { int r = 0; int n = 0; spin_lock(l);
				while (n < 3) { r = READ_ONCE(*x); n = n + r; } spin_unlock(l); }
			P1(int *x, spinlock_t *l) { WRITE_ONCE(*x, 1); spin_lock(l); int r1 = READ_ONCE(*x); spin_unlock(l); } exists (1:r1=1)`,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			test, m := parse(t, body)
			for _, c := range []explore.Config{{}, {Goal: test.Cond}, {Filter: test.Cond}} {
				if stats := count(t, test.Prog, m.Plan, c); !stats.BoundHit {
					t.Errorf("goal %v, filter %v: BoundHit is false", c.Goal != nil, c.Filter != nil)
				}
			}
		})
	}
}

// TestLoopsWithin: the rounds of a loop within another are counted anew.
func TestLoopsWithin(t *testing.T) {
	test, m := parse(t, `{} P0(int *x) { int r = 0; int n; do { n = 0; while (n < 2) { n = n + 1; } r = READ_ONCE(*x); } while (r == 0); }
		P1(int *x) { WRITE_ONCE(*x, 1); } exists (0:r=1)`)
	if stats := count(t, test.Prog, m.Plan, explore.Config{}); stats.Executions != 3 {
		t.Errorf("%d executions, want one for each round of the outer loop: 3", stats.Executions)
	}
}

// TestFaultIsSeen: an access to nothing is an error even if the goal speaks of
// what is behind it.
func TestFaultIsSeen(t *testing.T) {
	test, m := parse(t, `{ int *p = 0; } P0(int **p) { int *r1; int r2 = 0; r1 = READ_ONCE(*p); r2 = READ_ONCE(*r1); r2 = 1; } exists (0:r2=1)`)
	for _, c := range []explore.Config{{}, {Goal: test.Cond}} {
		_, err := explore.Run(context.Background(), test.Prog, m.Plan, c, func(*explore.Execution) error { return nil })
		if bad := new(ir.BadAddress); !errors.As(err, &bad) {
			t.Errorf("goal %v: %v", c.Goal != nil, err)
		}
	}
}

// TestNeighbours: arithmetic does not lead from one variable to the next,
// whichever atomic does it.
func TestNeighbours(t *testing.T) {
	for _, add := range []string{"atomic_add_return", "atomic64_add_return"} {
		test, m := parse(t, `{ int x = 1; int y = 5; p = x; } P0(int **p) { int *q; int r1; q = `+add+`(1, p); r1 = READ_ONCE(*q); } exists (0:r1=5)`)
		_, err := explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{}, func(*explore.Execution) error { return nil })
		if bad := new(ir.BadAddress); !errors.As(err, &bad) {
			t.Errorf("%s: %v", add, err)
		}
	}
}

// TestSharedTerms: a value that doubles forty times is computed in forty steps.
func TestSharedTerms(t *testing.T) {
	test, m := parse(t, `{} P0(int *x) { int r = READ_ONCE(*x); `+strings.Repeat("r = r + r; ", 40)+` WRITE_ONCE(*x, r); }
		P1(int *x) { WRITE_ONCE(*x, 1); } exists (0:r=0)`)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	stats, err := explore.Run(ctx, test.Prog, m.Plan, explore.Config{}, func(*explore.Execution) error { return nil })
	if err != nil || stats.Executions != 3 {
		t.Errorf("%d executions, want 3; %v", stats.Executions, err)
	}
}

// TestNoFixedPoint: a model whose recursion goes round in a circle is an error.
func TestNoFixedPoint(t *testing.T) {
	test, _ := parse(t, `{} P0(int *x) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*x); } exists (0:r=1)`)
	for _, src := range []string{"let rec a = po \\ a\nempty a as none", "let rec a = rf \\ a\nempty a as none", "let rec a = rf \\ a\nflag ~empty a as some"} {
		plan, err := cat.Compile("circle.cat", []byte("circle\n"+src), cat.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = explore.Run(context.Background(), test.Prog, plan, explore.Config{}, func(x *explore.Execution) error {
			x.Flags()
			return nil
		})
		if err == nil || !strings.HasPrefix(err.Error(), "circle.cat:2:9: this recursive definition goes round in a circle") {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// TestLongRecursion: a chain of definitions takes as many rounds as it is long.
func TestLongRecursion(t *testing.T) {
	test, _ := parse(t, `{} P0(int *x) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*x); } exists (0:r=1)`)
	src := "chain\nlet rec a = b\nand b = c\nand c = d\nand d = e\nand e = f\nand f = g\nand g = h\nand h = i\nand i = j\nand j = k\nand k = l\nand l = m\nand m = n\nand n = po | (a;a)\nempty a as none"
	plan, err := cat.Compile("chain.cat", []byte(src), cat.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if stats := count(t, test.Prog, plan, explore.Config{}); stats.Executions != 0 {
		t.Errorf("%d executions of a model that wants po to be empty", stats.Executions)
	}
}
