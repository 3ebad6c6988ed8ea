package csource_test

import (
	"context"
	"testing"

	"crosscall/memmodel/check"
	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

// twins are pairs of a C file and a litmus test that are the same program: they
// must have the same number of executions under every model. Load buffering has
// one fewer where dependencies forbid it. (In a litmus test a control dependency
// ends where the branches meet under every model; in C, only under models that
// are of no machine.)
var twins = []struct{ name, c, litmus string }{
	{
		"message passing",
		`int x, y;
		void P0(void) { WRITE_ONCE(x, 1); smp_wmb(); WRITE_ONCE(y, 1); }
		void P1(void) { int a = READ_ONCE(y); smp_rmb(); int b = READ_ONCE(x); }`,
		`P0(int *x, int *y) { WRITE_ONCE(*x, 1); smp_wmb(); WRITE_ONCE(*y, 1); }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_rmb(); int r1 = READ_ONCE(*x); }`,
	},
	{
		"data through locals, a struct and calls",
		`int x, y;
		struct box { int pad; int v; };
		static void put(struct box *b, int v) { b->v = v; }
		static struct box copy(struct box b) { struct box c = b; return c; }
		void P0(void) { struct box b; put(&b, READ_ONCE(x)); struct box c = copy(b); WRITE_ONCE(y, c.v + 1); }
		void P1(void) { int a[2]; int *p = &a[1]; *p = READ_ONCE(y); WRITE_ONCE(x, a[1]); }`,
		`P0(int *x, int *y) { int r0 = READ_ONCE(*x); WRITE_ONCE(*y, r0 + 1); }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0); }`,
	},
	{
		"no data after all",
		`int x, y;
		struct box { int pad; int v; };
		void P0(void) { struct box b; b.pad = READ_ONCE(x); b.v = 1; WRITE_ONCE(y, b.v); }
		void P1(void) { int a = READ_ONCE(y); a = 1; WRITE_ONCE(x, a); }`,
		`P0(int *x, int *y) { int r0 = READ_ONCE(*x); WRITE_ONCE(*y, 1); }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, 1); }`,
	},
	{
		"control through a call",
		`int x, y;
		static bool yes(int v) { if (v) return true; return false; }
		void P0(void) { if (yes(READ_ONCE(x))) WRITE_ONCE(y, 1); }
		void P1(void) { WRITE_ONCE(x, READ_ONCE(y)); }`,
		`P0(int *x, int *y) { int r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*y, 1); } }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0); }`,
	},
	{
		"control ends where the branches meet",
		`int x, y, z;
		void P0(void) { if (READ_ONCE(x)) WRITE_ONCE(z, 1); WRITE_ONCE(y, 1); }
		void P1(void) { WRITE_ONCE(x, READ_ONCE(y)); }`,
		`P0(int *x, int *y, int *z) { int r0 = READ_ONCE(*x); if (r0) { WRITE_ONCE(*z, 1); } WRITE_ONCE(*y, 1); }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0); }`,
	},
	{
		"control by a return extends",
		`int x, y, z;
		static void f(void) { if (READ_ONCE(x)) return; WRITE_ONCE(y, 1); }
		void P0(void) { f(); }
		void P1(void) { WRITE_ONCE(x, READ_ONCE(y)); }`,
		`P0(int *x, int *y, int *z) { int r0 = READ_ONCE(*x); if (r0 == 0) { WRITE_ONCE(*y, 1); } }
		P1(int *x, int *y) { int r0 = READ_ONCE(*y); WRITE_ONCE(*x, r0); }`,
	},
	{
		"address",
		`struct s { int v; } a, b; struct s *p = &a;
		void P0(void) { WRITE_ONCE(b.v, 1); smp_store_release(&p, &b); }
		void P1(void) { struct s *q = READ_ONCE(p); int r = READ_ONCE(q->v); }`,
		`{ p = a; }
		P0(int *b, int **p) { WRITE_ONCE(*b, 1); smp_store_release(p, b); }
		P1(int **p, int *a, int *b) { int *r0 = READ_ONCE(*p); int r1 = READ_ONCE(*r0); }`,
	},
	{
		"atomic operations",
		`atomic_t x, y;
		void P0(void) { atomic_inc(&x); int r = atomic_xchg_release(&y, 1); }
		void P1(void) { int r = atomic_fetch_add_acquire(2, &y); int s = atomic_cmpxchg(&x, 0, 2); int t = test_and_set_bit(0, &word); }
		unsigned long word;`,
		`P0(atomic_t *x, atomic_t *y) { atomic_inc(x); int r0 = atomic_xchg_release(y, 1); }
		P1(atomic_t *x, atomic_t *y, atomic_t *w) { int r0 = atomic_fetch_add_acquire(2, y); int r1 = atomic_cmpxchg(x, 0, 2); int r2 = test_and_set_bit(0, w); }`,
	},
	{
		"locks",
		`spinlock_t l; int x;
		void P0(void) { spin_lock(&l); WRITE_ONCE(x, 1); spin_unlock(&l); }
		void P1(void) { if (spin_trylock(&l)) { int r = READ_ONCE(x); spin_unlock(&l); } }`,
		`P0(spinlock_t *l, int *x) { spin_lock(l); WRITE_ONCE(*x, 1); spin_unlock(l); }
		P1(spinlock_t *l, int *x) { int r0 = spin_trylock(l); if (r0) { int r1 = READ_ONCE(*x); spin_unlock(l); } }`,
	},
}

func TestTwins(t *testing.T) {
	const headers = "#include <linux/atomic.h>\n#include <linux/bitops.h>\n#include <linux/spinlock.h>\nextern unsigned long word;\n"
	for _, tt := range twins {
		s, err := csource.Parse("t.c", []byte(headers+tt.c), csource.Options{})
		if err != nil {
			t.Fatal(tt.name, ": ", err)
		}
		state := ""
		if tt.litmus[0] != '{' {
			state = "{}\n"
		}
		ast, err := litmus.Parse("t.litmus", []byte("C t\n"+state+tt.litmus+"\nforall (true)\n"))
		if err != nil {
			t.Fatal(tt.name, ": ", err)
		}
		models := []string{"lkmm", "sc", "x86-tso", "armv8", "power", "riscv", "alpha", "rc11"}
		if tt.name == "control ends where the branches meet" {
			models = []string{"lkmm", "sc", "rc11"}
		}
		for _, name := range models {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				a, err := s.Compile(table(t, name), nil)
				if err != nil {
					t.Fatal(err)
				}
				b, err := ast.Compile(table(t, name))
				if err != nil {
					t.Fatal(err)
				}
				if ours, theirs := executions(t, a, name), executions(t, b, name); ours != theirs {
					t.Errorf("%d executions of the C file, %d of the litmus test\n%s", ours, theirs, dump(a.Prog))
				}
			})
		}
	}
}

// executions counts the executions of a test.
func executions(t *testing.T, test *ir.Test, name string) int64 {
	t.Helper()
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	r := check.Run(context.Background(), test, m, check.Options{})
	if r.Err != nil || r.Failure != nil || !r.Complete {
		t.Fatal(r.Err, r.Failure, r.Reason)
	}
	return r.Executions
}
