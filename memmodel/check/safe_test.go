package check

import (
	"context"
	"testing"

	"crosscall/memmodel/csource"
	"crosscall/memmodel/explore"
	"crosscall/memmodel/litmus"
	"crosscall/memmodel/model"
)

// TestSafe has what can go wrong in a C program, and what cannot.
func TestSafe(t *testing.T) {
	for _, c := range []struct {
		name, model, code string
		executions        int64 // of a program that holds
		fails             explore.FailureKind
	}{
		{"message", "lkmm", `
int x, f;
void P0(void) { WRITE_ONCE(x, 1); smp_store_release(&f, 1); }
void P1(void) { while (!smp_load_acquire(&f)) ; assert(READ_ONCE(x) == 1); }`, 1, ""},
		{"message without an acquire", "lkmm", `
int x, f;
void P0(void) { WRITE_ONCE(x, 1); smp_store_release(&f, 1); }
void P1(void) { while (!READ_ONCE(f)) ; assert(READ_ONCE(x) == 1); }`, 0, explore.AssertionFails},
		{"a server that may idle, and one that waits for what never comes", "rc11", `
int x, y;
void P0(void) { for (;;) { int r = READ_ONCE(x); if (!r) { idle(); continue; } WRITE_ONCE(x, 0); if (r == 1) WRITE_ONCE(y, 1); } }
void P1(void) { WRITE_ONCE(x, choose(2) + 1); while (!READ_ONCE(y)) ; }`, 0, explore.Livelock},
		{"locks in opposite orders", "armv8", `
DEFINE_SPINLOCK(a); DEFINE_SPINLOCK(b);
void P0(void) { spin_lock(&a); spin_lock(&b); spin_unlock(&b); spin_unlock(&a); }
void P1(void) { spin_lock(&b); spin_lock(&a); spin_unlock(&a); spin_unlock(&b); }`, 0, explore.Deadlock},
		{"use after free", "lkmm", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); }
void P0(void) { int *q = READ_ONCE(p); if (q) WRITE_ONCE(*q, 1); }
void P1(void) { int *q = p; WRITE_ONCE(p, NULL); kfree(q); }`, 0, explore.MemoryMisuse},
		{"freed twice", "x86-tso", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); }
void P0(void) { kfree(p); }
void P1(void) { kfree(p); }`, 0, explore.MemoryMisuse},
		{"freed by who takes it", "x86-tso", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); }
void P0(void) { kfree(xchg(&p, NULL)); }
void P1(void) { kfree(xchg(&p, NULL)); }`, 2, ""},
		{"published before it is set", "power", `
struct s { int v; };
struct s *p;
void P0(void) { struct s *q = kmalloc(sizeof(*q), 0); WRITE_ONCE(q->v, 1); WRITE_ONCE(p, q); }
void P1(void) { struct s *q = READ_ONCE(p); if (q) assert(READ_ONCE(q->v) == 1); }`, 0, explore.MemoryMisuse},
		{"bits that are not there", "sc", `
int x = 4;
void P0(void) { assert(4 & 2); }
void P1(void) { assert(READ_ONCE(x) & 4); }`, 0, explore.AssertionFails},
		{"a null pointer", "sc", `
int *p;
void P0(void) { WRITE_ONCE(*p, 1); }`, 0, explore.BadAccess},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := runC(t, c.model, c.code)
			switch {
			case r.Err != nil:
				t.Error(r.Err)
			case c.fails != "" && (r.Failure == nil || r.Failure.Kind != c.fails || r.Verdict != Fails):
				t.Errorf("%s: %v; want it to fail by %s", r.Verdict, r.Failure, c.fails)
			case c.fails == "" && (r.Verdict != Holds || r.Executions != c.executions):
				t.Errorf("%s, %d executions: %v; want it to hold in %d", r.Verdict, r.Executions, r.Failure, c.executions)
			}
		})
	}
}

func runC(t *testing.T, name, code string) *Result {
	t.Helper()
	src := "#include <linux/kernel.h>\n#include <linux/atomic.h>\n#include <linux/spinlock.h>\n#include <linux/slab.h>\n#include <crosscall.h>\n" + code
	s, err := csource.Parse("test.c", []byte(src), csource.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	macros, err := litmus.ParseMacros(m.DefFile, m.Def)
	if err != nil {
		t.Fatal(err)
	}
	test, err := s.Compile(macros, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Run(context.Background(), test, m, Options{Workers: 2})
}
