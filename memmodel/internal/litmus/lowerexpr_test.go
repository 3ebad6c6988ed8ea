package litmus

import (
	"errors"
	"strings"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/primitive"
)

// TestLower lowers primitives as another front end does: operands are
// expressions. They are addresses even where the table's entry takes a place in
// memory.
func TestLower(t *testing.T) {
	const def = `READ_ONCE(X) __load{once}(X)
load_acquire(X) __load{ctrl=ISYNC}(*X)
WRITE_ONCE(X,V) { __store{once}(X,V); }
atomic_read(X) READ_ONCE(*X)
fetch_add(V,X) __atomic_fetch_op{once}(X,+,V)
sub(V,X) { fetch_add(-(V),X); }
cas(X,O,V) __cmpxchg{both=EX; failctrl=ISYNC}(X,O,V)
never(X) unsupported("no machine has it")
`
	m, err := primitive.ParseMacros("t.def", []byte(def))
	if err != nil {
		t.Fatal(err)
	}
	num := func(k int64) *ir.Expr { return &ir.Expr{Op: ir.Const, K: k} }
	x := num(ir.AddrBase)
	at := graph.Pos{File: "t.c", Line: 3, Col: 4}
	p := &ir.Program{Name: "t", Cells: []ir.Cell{{Name: "x"}}, Threads: []ir.Thread{{Name: "P0"}}}
	th := &p.Threads[0]
	wrap := func(e *ir.Expr) *ir.Expr {
		return &ir.Expr{Op: ir.And, A: e, B: num(255)}
	}
	for _, u := range []primitive.Use{
		{Name: "READ_ONCE", Args: []*ir.Expr{x}},
		{Name: "load_acquire", Args: []*ir.Expr{x}},
		{Name: "atomic_read", Args: []*ir.Expr{x}},
		{Name: "WRITE_ONCE", Args: []*ir.Expr{x, num(7)}},
		{Name: "sub", Args: []*ir.Expr{num(2), x}, Wrap: wrap},
		{Name: "cas", Args: []*ir.Expr{x, num(0), num(1)}},
	} {
		u.Pos, u.Text = at, u.Name
		if _, err := m.Lower(p, th, u); err != nil {
			t.Fatal(u.Name, ": ", err)
		}
	}
	var b strings.Builder
	dumpThread(&b, p, 0)
	const want = `P0
   0 R[once] &x -> .1                                             | 3:4 READ_ONCE
   1 R &x -> .2                                                   | 3:4 load_acquire
   2 branch 3 if (.2 ^ .2) join 4                                 | 3:4 load_acquire
   3 F[ISYNC]                                                     | 3:4 load_acquire
   4 R[once] &x -> .3                                             | 3:4 atomic_read
   5 W[once] &x <- 7                                              | 3:4 WRITE_ONCE
   6 R[once] &x -> .4                                             | 3:4 sub
   7 W[once] rmw &x <- ((.4 + -2) & 255)                          | 3:4 sub
   8 fork 13                                                      | 3:4 cas
   9 R[EX] &x -> .5                                               | 3:4 cas
  10 assume (.5 == 0)                                             | 3:4 cas
  11 W[EX] rmw &x <- 1                                            | 3:4 cas
  12 jump 17                                                      | 3:4 cas
  13 R[EX,RMW] &x -> .5                                           | 3:4 cas
  14 assume (.5 != 0)                                             | 3:4 cas
  15 branch 16 if (.5 ^ .5) join 17                               | 3:4 cas
  16 F[ISYNC]                                                     | 3:4 cas
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	for _, bad := range []struct {
		use  primitive.Use
		want string
	}{
		{primitive.Use{Name: "smp_mb"}, "t.c:3:4: smp_mb is not in t.def"},
		{primitive.Use{Name: "never", Args: []*ir.Expr{x}}, "t.c:3:4: never cannot be used with t.def: no machine has it"},
		{primitive.Use{Name: "cas", Args: []*ir.Expr{x}}, "t.c:3:4: cas takes 3 operands in t.def, not 1"},
	} {
		bad.use.Pos = at
		_, err := m.Lower(p, th, bad.use)
		if e := new(primitive.Error); !errors.As(err, &e) || err.Error() != bad.want {
			t.Errorf("%v, want %s", err, bad.want)
		}
	}
	if n, value, ok := m.Params("cas"); n != 3 || !value || !ok {
		t.Error("Params: ", n, value, ok)
	}
	if _, _, ok := m.Params("never"); ok {
		t.Error("an unsupported primitive has operands")
	}
}
