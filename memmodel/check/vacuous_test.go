package check

import (
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/litmus"
	"crosscall/memmodel/internal/model"
)

const lockNeverFree = `
P0(int *a, spinlock_t *l) { spin_lock(l); WRITE_ONCE(*a, 1); }
P1(int *b, spinlock_t *l) { spin_lock(l); WRITE_ONCE(*b, 1); }
`

const lockFree = `
P0(int *a, spinlock_t *l) { spin_lock(l); WRITE_ONCE(*a, 1); spin_unlock(l); }
P1(int *b, spinlock_t *l) { spin_lock(l); WRITE_ONCE(*b, 1); spin_unlock(l); }
`

const ownSection = `
P0(int *a) { rcu_read_lock(); synchronize_rcu(); rcu_read_unlock(); }
`

func rc11(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.Load("rc11")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestVacuous: a test without executions does not hold, and the result has the
// reason.
func TestVacuous(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      Verdict
		why       string
	}{
		{"no lock, ~exists", lockNeverFree + "~exists (a=1 /\\ b=1)", Vacuous, "waits forever: spin_lock(l) finds the lock taken"},
		{"no lock, forall", lockNeverFree + "forall (a=7)", Vacuous, "waits forever: spin_lock(l) finds the lock taken"},
		{"no lock, exists", lockNeverFree + "exists (a=1)", Fails, "waits forever: spin_lock(l) finds the lock taken"},
		{"a lock given back, ~exists", lockFree + "~exists (a=7)", Holds, ""},
		{"a lock given back, forall", lockFree + "forall (a=1 /\\ b=1)", Holds, ""},
		{"an own section", ownSection + "~exists (a=1)", Vacuous, "waits forever: synchronize_rcu() waits for the section that it is in itself"},
		{"a filter", lockFree + "filter (a=7)\n~exists (b=7)", Vacuous, "no execution is left by the filter"},
	} {
		for _, o := range []Options{{}, {VerdictOnly: true}} {
			r := Source(t.Context(), tt.name, []byte("C vacuous\n{}\n"+tt.src+"\n"), lkmm(t), o, csource.Options{})
			if r.Verdict != tt.want || !strings.Contains(r.Reason, tt.why) || (tt.why == "") != (r.Reason == "") {
				t.Errorf("%s, verdict only %v: %s, %q %v", tt.name, o.VerdictOnly, r.Verdict, r.Reason, r.Err)
			}
		}
	}
}

// TestDefaultModel: files in C11 are for rc11.
func TestDefaultModel(t *testing.T) {
	for name, tt := range map[string]struct{ file, src, want string }{
		"kernel":          {"a.c", "#include <linux/atomic.h>\nint x;\nvoid P0(void) { WRITE_ONCE(x, 1); }\n", "lkmm"},
		"kernel and main": {"a.c", "#include <linux/atomic.h>\n#include <pthread.h>\nint x;\nint main(void) { WRITE_ONCE(x, 1); }\n", "lkmm"},
		"atomics":         {"a.c", "#include <stdatomic.h>\natomic_int x;\nvoid P0(void) { x = 1; }\n", "rc11"},
		"pthreads":        {"a.c", "#include <pthread.h>\nint x;\nint main(void) { x = 1; }\n", "rc11"},
		"no C":            {"a.c", "int x", "lkmm"},
		"kernel litmus":   {"a.litmus", "C a\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n", "lkmm"},
		"C11 litmus":      {"a.litmus", "C a\n{}\nP0(atomic_int *x) { atomic_store(x, 1); }\nexists (x=1)\n", "rc11"},
	} {
		if got := DefaultModel(tt.file, []byte(tt.src), csource.Options{}); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// TestC11Litmus has tests in herd's dialect of C11.
func TestC11Litmus(t *testing.T) {
	const mp = "P0(atomic_int *x, atomic_int *y) { atomic_store_explicit(x, 1, memory_order_relaxed); atomic_store_explicit(y, 1, STORE); }\n" +
		"P1(atomic_int *x, atomic_int *y) { int r0 = atomic_load_explicit(y, LOAD); int r1 = atomic_load_explicit(x, memory_order_relaxed); }\n" +
		"exists (1:r0=1 /\\ 1:r1=0)"
	with := func(store, load string) string {
		return strings.NewReplacer("STORE", "memory_order_"+store, "LOAD", "memory_order_"+load).Replace(mp)
	}
	const cas = "P0(atomic_int *x, int *e) { int r0 = atomic_compare_exchange_NAME(x, e, 5); }\nexists "
	const sb = "P0(atomic_int *x, atomic_int *y) { atomic_store_explicit(x, 1, memory_order_relaxed); FENCE; int r0 = atomic_load_explicit(y, memory_order_relaxed); }\n" +
		"P1(atomic_int *x, atomic_int *y) { atomic_store_explicit(y, 1, memory_order_relaxed); FENCE; int r0 = atomic_load_explicit(x, memory_order_relaxed); }\n" +
		"exists (0:r0=0 /\\ 1:r0=0)"
	for _, tt := range []struct {
		name, init, src string
		want            Observation
	}{
		{"message", "{}", with("release", "acquire"), Never},
		{"message without a release", "{}", with("relaxed", "acquire"), Sometimes},
		{"message without an acquire", "{}", with("release", "relaxed"), Sometimes},
		{"message with consume", "{}", with("release", "consume"), Never},
		{"fences", "{}", strings.ReplaceAll(sb, "FENCE", "atomic_thread_fence(memory_order_seq_cst)"), Never},
		{"weaker fences", "{}", strings.ReplaceAll(sb, "FENCE", "atomic_thread_fence(memory_order_acq_rel)"), Sometimes},
		{"a strong one succeeds", "{ [x] = 3; [e] = 3; }", strings.Replace(cas, "NAME", "strong", 1) + "(0:r0=0)", Never},
		{"a weak one may fail", "{ [x] = 3; [e] = 3; }", strings.Replace(cas, "NAME", "weak", 1) + "(0:r0=0 /\\ x=3 /\\ e=3)", Sometimes},
		{"one that fails says what it found", "{ [x] = 4; [e] = 3; }", strings.Replace(cas, "NAME", "strong", 1) + "(0:r0=0 /\\ x=4 /\\ e=4)", Always},
		{"the expected value in a register", "{ [x] = 4; }", "P0(atomic_int *x) { int e = 3; int r0 = atomic_compare_exchange_strong(x, &e, 5); }\nexists (0:r0=0 /\\ 0:e=4 /\\ x=4)", Always},
		{"locks", "{}", "P0(int *x, mtx_t *l) { lock(l); *x = 1; int r0 = *x; unlock(l); }\nP1(int *x, mtx_t *l) { lock(l); *x = 2; unlock(l); }\nexists (0:r0=2)", Never},
		{"a register named continue", "{}", "P0(atomic_int *x) { int continue = atomic_load(x); }\nexists (0:continue=1)", Never},
	} {
		r := Source(t.Context(), tt.name, []byte("C test\n"+tt.init+"\n"+tt.src+"\n"), rc11(t), Options{}, csource.Options{})
		if r.Observation != tt.want || r.Err != nil {
			t.Errorf("%s: %q %v, want %s", tt.name, r.Observation, r.Err, tt.want)
		}
	}
}

// TestExtensions has tests that herd7 does not read.
func TestExtensions(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      Observation
	}{
		{"a conditional acquire", "P0(int *f, int *d) { WRITE_ONCE(*d, 1); smp_store_release(f, 2); }\n" +
			"P1(int *f, int *d) { int r0 = smp_cond_load_acquire(f, VAL == 2); int r1 = READ_ONCE(*d); }\nexists (1:r1=0)", Never},
		{"a conditional load", "P0(int *f, int *d) { WRITE_ONCE(*d, 1); smp_store_release(f, 2); }\n" +
			"P1(int *f, int *d) { int r0 = smp_cond_load_relaxed(f, VAL > 1); int r1 = READ_ONCE(*d); }\nexists (1:r1=0)", Sometimes},
		{"updates", "P0(int *x) { int r0 = 5; r0++; r0 += 2; r0--; int r1 = 0; for (int i = 0; i < 3; i++) r1 |= 1; WRITE_ONCE(*x, r0 + r1); }\nexists (x=8)", Always},
		{"a loop that is left", "P0(int *x) { int r0 = 0; while (1) { r0 += 1; if (r0 == 2) break; } WRITE_ONCE(*x, r0); }\nexists (x=2)", Always},
		{"an inner loop that is left", "P0(int *x) { int r0 = 0; int r1 = 0; do { while (1) { r0++; if (r0 > 0) { break; } } r1++; } while (r1 < 2); WRITE_ONCE(*x, r0 + r1); }\nexists (x=4)", Always},
		{"a dependency on a loop that is left", "P0(int *x, int *y) { while (1) { int r0 = READ_ONCE(*x); if (r0 == 1) break; WRITE_ONCE(*y, 1); break; } }\n" +
			"P1(int *x, int *y) { int r0 = READ_ONCE(*y); smp_mb(); WRITE_ONCE(*x, 2); }\nexists (0:r0=2 /\\ 1:r0=1)", Never},
		{"a try that two make", "P0(int *x) { int r0 = 0; int r1 = try_cmpxchg(x, &r0, 1); }\nP1(int *x) { int r0 = 0; int r1 = try_cmpxchg_relaxed(x, &r0, 2); }\n" +
			"exists (0:r1=1 /\\ 1:r1=1 \\/ 0:r1=0 /\\ 0:r0=0)", Never},
		{"a try that takes a message", "P0(int *x, int *d) { WRITE_ONCE(*d, 1); smp_store_release(x, 1); }\n" +
			"P1(int *x, int *d) { int r0 = 1; int r1 = 1; if (try_cmpxchg_acquire(x, &r0, 2)) r1 = READ_ONCE(*d); }\nexists (1:r1=0)", Never},
		{"a relaxed try", "P0(int *x, int *d) { WRITE_ONCE(*d, 1); smp_store_release(x, 1); }\n" +
			"P1(int *x, int *d) { int r0 = 1; int r1 = 1; if (try_cmpxchg_relaxed(x, &r0, 2)) r1 = READ_ONCE(*d); }\nexists (1:r1=0)", Sometimes},
		{"interrupts", "P0(int *x, spinlock_t *l) { int flags; spin_lock_irqsave(l, flags); WRITE_ONCE(*x, 1); int r0 = READ_ONCE(*x); spin_unlock_irqrestore(l, flags); }\n" +
			"P1(int *x, spinlock_t *l) { spin_lock_irq(l); WRITE_ONCE(*x, 2); spin_unlock_irq(l); }\nexists (0:r0=2)", Never},
	} {
		r := Source(t.Context(), tt.name, []byte("C test\n{}\n"+tt.src+"\n"), lkmm(t), Options{}, csource.Options{})
		if r.Observation != tt.want || r.Err != nil {
			t.Errorf("%s: %q %v, want %s", tt.name, r.Observation, r.Err, tt.want)
		}
	}
}

// TestC11LitmusErrors: an error in a call has the call's place.
func TestC11LitmusErrors(t *testing.T) {
	for src, want := range map[string]string{
		"int r0 = atomic_load_explicit(x, relaxed);":          "this should be a memory order",
		"int r0 = atomic_load_explicit(x);":                   "takes 1 arguments and 1 memory orders",
		"int r0 = memory_order_relaxed;":                      "is an argument of the atomics of C11 only",
		"while (atomic_load(x)) { continue; }":                "continue cannot be used here",
		"int r0 = atomic_load_explicit(x, memory_order_any);": "this should be a memory order",
	} {
		ast, err := litmus.Parse("t.litmus", []byte("C t\n{}\nP0(atomic_int *x) { "+src+" }\nexists (x=1)\n"))
		if err == nil {
			_, err = ast.Compile(rc11(t).Macros)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", src, err, want)
		}
	}
}
