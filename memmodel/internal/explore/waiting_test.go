package explore_test

import (
	"context"
	"fmt"
	"testing"

	"crosscall/memmodel/graph"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/ir"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

// TestWaiting runs programs whose loops wait. Each is given by its litmus test,
// with its expected result: how many executions end, and how the
// others fail.
func TestWaiting(t *testing.T) {
	for _, test := range []struct {
		name, init, code string
		executions       int
		failures         string // kinds with their numbers
	}{
		{"a flag", "", `
P0(int *x, int *f) { WRITE_ONCE(*x, 1); smp_store_release(f, 1); }
P1(int *x, int *f) { while (READ_ONCE(*f) == 0) { } int r = READ_ONCE(*x); }`, 2, ""},
		{"a flag that nobody sets", "", `
P0(int *x, int *f) { WRITE_ONCE(*x, 1); }
P1(int *x, int *f) { while (READ_ONCE(*f) == 0) { } }`, 0, "livelock 1"},
		{"a flag that is set and cleared", "", `
P0(int *f) { WRITE_ONCE(*f, 1); WRITE_ONCE(*f, 0); }
P1(int *f) { while (READ_ONCE(*f) == 0) { } }`, 1, "livelock 1"},
		{"a lock by xchg", "", `
P0(int *l, int *x) { while (xchg_acquire(l, 1) == 1) { } WRITE_ONCE(*x, 1); smp_store_release(l, 0); }
P1(int *l, int *x) { while (xchg_acquire(l, 1) == 1) { } WRITE_ONCE(*x, 2); smp_store_release(l, 0); }`, 2, ""},
		{"a lock by cmpxchg that is not given back", "", `
P0(int *l) { while (cmpxchg_acquire(l, 0, 1) != 0) { } }
P1(int *l) { while (cmpxchg_acquire(l, 0, 1) != 0) { } }`, 0, "livelock 2"},
		// Nothing in LKMM keeps a store behind the end of a loop from being seen first.
		{"each waits for the other", "", `
P0(int *a, int *b) { while (READ_ONCE(*a) == 0) { } WRITE_ONCE(*b, 1); }
P1(int *a, int *b) { while (READ_ONCE(*b) == 0) { } WRITE_ONCE(*a, 1); }`, 1, "livelock 1"},
		{"each waits for the other and means it", "", `
P0(int *a, int *b) { while (READ_ONCE(*a) == 0) { } smp_mb(); WRITE_ONCE(*b, 1); }
P1(int *a, int *b) { while (READ_ONCE(*b) == 0) { } smp_mb(); WRITE_ONCE(*a, 1); }`, 0, "livelock 1"},
		{"locks in opposite orders", "", `
P0(spinlock_t *a, spinlock_t *b) { spin_lock(a); spin_lock(b); spin_unlock(b); spin_unlock(a); }
P1(spinlock_t *a, spinlock_t *b) { spin_lock(b); spin_lock(a); spin_unlock(a); spin_unlock(b); }`, 2, "deadlock 1"},
		{"a lock taken twice", "", `
P0(spinlock_t *a) { spin_lock(a); spin_lock(a); }`, 0, "deadlock 1"},
		{"a counter", "", `
P0(int *n) { int a; int b = 1; while (b) { a = READ_ONCE(*n); b = cmpxchg(n, a, a + 1) != a; } }
P1(int *n) { int a; int b = 1; while (b) { a = READ_ONCE(*n); b = cmpxchg(n, a, a + 1) != a; } }`, 2, ""},
		{"a lock that is tried, and a wait behind it", "", `
P0(spinlock_t *l, int *x, int *y) { int a = spin_trylock(l); WRITE_ONCE(*x, a + 1); while (READ_ONCE(*y) == 0) { } }
P1(int *x, int *y) { while (READ_ONCE(*x) == 0) { } WRITE_ONCE(*y, 1); }`, 1, ""},
		{"a wait behind a relaxed store", "", `
P0(int *x, int *y) { while (READ_ONCE(*x) == 0) { } WRITE_ONCE(*y, 1); }
P1(int *x, int *y) { int r = READ_ONCE(*y); WRITE_ONCE(*x, r); }`, 1, "livelock 1"},
		// P1 can wait for good, though a newer write to y than the one that makes it wait
		// is certain to come.
		{"a wait for what another has read", "", `
P0(int *x, int *y) { int r = READ_ONCE(*y); cmpxchg_relaxed(x, 0, r); }
P1(int *x, spinlock_t *l) { while (READ_ONCE(*x) == 0) { } if (spin_trylock(l)) { spin_unlock(l); } }
P2(int *y, spinlock_t *l) { if (spin_trylock(l)) { WRITE_ONCE(*y, 1); spin_unlock(l); } }`, 2, "livelock 1"},
		// The lock may be seen taken before the loop in front of it is over.
		{"a lock that is seen before the loop ends", "x=1;", `
P0(int *x, spinlock_t *l) { while (READ_ONCE(*x) == 1) { } spin_lock(l); spin_unlock(l); }
P1(int *x, spinlock_t *l) { if (spin_is_locked(l)) { smp_store_release(x, 0); } }`, 1, "livelock 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n, failures := waits(t, "C test\n{"+test.init+"}\n"+test.code+"\nexists (true)\n")
			if n != test.executions || failures != test.failures {
				t.Errorf("%d executions, failures %q; want %d, %q", n, failures, test.executions, test.failures)
			}
		})
	}
}

// waits explores a litmus test under LKMM with waiting loops.
func waits(t *testing.T, src string) (n int, failures string) {
	t.Helper()
	m, err := model.Load("lkmm")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("test.litmus", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	test.Prog.Waits = true
	found := map[explore.FailureKind]int{}
	stats, err := explore.Run(context.Background(), test.Prog, m.Plan, explore.Config{}, func(x *explore.Execution) error {
		if f := x.Failure(); f != nil {
			found[f.Kind]++
		} else {
			n++
		}
		return nil
	})
	if err != nil || stats.BoundHit {
		t.Errorf("error %v, bound hit %v", err, stats.BoundHit)
	}
	for _, k := range []explore.FailureKind{explore.Deadlock, explore.Livelock, explore.AssertionFails} {
		if found[k] > 0 {
			failures += fmt.Sprint(k, " ", found[k])
		}
	}
	return n, failures
}

// TestBothPutBack: of
//
//	while (xchg(x, 1)) ; x = 0;   |   r0 = fetch_add(x, 1); while (xchg(x, 1)) assert(!r0);
//
// both may wait forever for what fetch_add wrote. Each then puts back what it found,
// so that both operations stand in one place.
func TestBothPutBack(t *testing.T) {
	x := at(0)
	read := func(r ir.Reg) ir.Instr {
		return ir.Instr{Op: ir.Do, Kind: graph.Read, Dst: r, Addr: x}
	}
	write := func(v *ir.Expr, rmw bool) ir.Instr {
		return ir.Instr{Op: ir.Do, Kind: graph.Write, Dst: ir.NoReg, Addr: x, Val: v, RMW: rmw}
	}
	p := &ir.Program{Waits: true, Cells: []ir.Cell{{Name: "x"}}}
	p.Threads = []ir.Thread{
		{Name: "P0", Regs: make([]string, 1), Init: make([]int64, 1), Instr: []ir.Instr{
			read(0), write(constant(1), true),
			{Op: ir.Branch, Val: not(reg(0)), Target: 4, Join: 4}, {Op: ir.Jump, Target: 0},
			write(constant(0), false),
		}},
		{Name: "P1", Regs: make([]string, 2), Init: make([]int64, 2), Instr: []ir.Instr{
			read(0), write(op(ir.Add, reg(0), constant(1)), true),
			read(1), write(constant(1), true),
			{Op: ir.Branch, Val: not(reg(1)), Target: 7, Join: 7},
			{Op: ir.Assert, Val: not(reg(0))}, {Op: ir.Jump, Target: 2},
		}},
	}
	m, err := model.Load("sc")
	if err != nil {
		t.Fatal(err)
	}
	waits := map[string]int{}
	_, err = explore.Run(context.Background(), p, m.Plan, explore.Config{}, func(x *explore.Execution) error {
		if f := x.Failure(); f != nil && f.Kind == explore.Livelock {
			waits[f.Text[:2]]++
		}
		return nil
	})
	if err != nil || waits["P0"] != 1 || waits["P1"] != 1 {
		t.Errorf("%v, %v: want one execution in which P1 waits alone, and one in which both do", waits, err)
	}
}

// TestFindsLockTaken: the second thread finds the lock taken, and waits at a write that
// another follows. What the third does then has to be seen, or the first thread never
// reads what the third writes. TestTwinOperational has found that it was not.
func TestFindsLockTaken(t *testing.T) {
	const src = `C locked
{}
P0(int *y, spinlock_t *l) {
	int r = 0;
	while (r == 0) { r = spin_trylock(l); }
	int a = 1;
	while (a) { a = atomic_xchg_relaxed(y, 1); }
	spin_unlock(l);
}
P1(int *x, spinlock_t *l) {
	int r = 0;
	while (r == 0) { r = spin_trylock(l); }
	int a = atomic_xchg_relaxed(x, 1);
	spin_unlock(l);
}
P2(int *x, int *y) {
	int a = atomic_cmpxchg_relaxed(x, 1, 2);
	WRITE_ONCE(*y, 1);
}
exists (x=0)
`
	m, err := model.Load("sc")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := litmus.Parse("locked", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	test, err := ast.Compile(m.Macros)
	if err != nil {
		t.Fatal(err)
	}
	test.Prog.Waits = true
	for _, config := range []explore.Config{{}, explore.PostponeAll(explore.Config{})} {
		if n := count(t, test.Prog, m.Plan, config).Executions; n != 7 {
			t.Errorf("%d executions, want 7", n)
		}
		config.Goal = test.Cond
		if n := count(t, test.Prog, m.Plan, config).Executions; n != 1 {
			t.Errorf("%d executions with x = 0, want 1", n)
		}
	}
}
