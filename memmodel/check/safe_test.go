package check

import (
	"context"
	"strings"
	"testing"

	"crosscall/memmodel/internal/csource"
	"crosscall/memmodel/internal/explore"
	"crosscall/memmodel/internal/model"
)

// TestSafe has C programs that fail in each possible way, and programs that do not fail.
func TestSafe(t *testing.T) {
	for i, c := range []struct {
		name, model, code string
		executions        int64 // if the program holds
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
		{"freed before and used", "sc", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); kfree(p); }
void P0(void) { WRITE_ONCE(*p, 1); }`, 0, explore.MemoryMisuse},
		{"freed before and again", "sc", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); kfree(p); }
void P0(void) { kfree(p); }`, 0, explore.MemoryMisuse},
		{"freed and used at the end", "sc", `
int *p;
void init(void) { p = kzalloc(sizeof(int), 0); }
void P0(void) { kfree(p); }
void final(void) { assert(*p != 7); }`, 0, explore.MemoryMisuse},
		{"freed and freed again by main", "rc11", pthreads + `
void *f(void *p) { free(p); return 0; }
int main(void) { pthread_t t; int *p = malloc(sizeof(int)); pthread_create(&t, 0, f, p); pthread_join(t, 0); free(p); }`, 0, explore.MemoryMisuse},
		{"freed by main", "rc11", pthreads + `
void *f(void *p) { *(int *)p = 1; return 0; }
int main(void) { pthread_t t; int *p = malloc(sizeof(int)); pthread_create(&t, 0, f, p); pthread_join(t, 0); free(p); }`, 1, ""},
		{"objects for each thread", "rc11", pthreads + `
void *f(void *p) { *(int *)p += 1; assert(*(int *)p == 1); return 0; }
int main(void) { pthread_t t[6]; for (int i = 0; i < 6; i++) { int *p = malloc(sizeof(int)); *p = 0; pthread_create(&t[i], 0, f, p); } }`, 1, ""},
		{"objects before and after", "rc11", pthreads + `
int *p[2];
void *f(void *p) { return 0; }
int main(void) {
	pthread_t t;
	for (int i = 0; i < 2; i++) {
		p[i] = malloc(sizeof(int));
		*p[i] = i;
		if (i == 0) { pthread_create(&t, 0, f, p); pthread_join(t, 0); }
	}
	assert(p[0] != p[1] && *p[0] == 0);
}`, 1, ""},
		{"an unlock too many", "sc", `
DEFINE_SPINLOCK(l);
void P0(void) { spin_lock(&l); spin_unlock(&l); spin_unlock(&l); }
void P1(void) { spin_lock(&l); spin_unlock(&l); }`, 0, explore.BadUnlock},
		{"an unlock of what another holds", "armv8", `
DEFINE_SPINLOCK(l);
int x;
void P0(void) { spin_lock(&l); WRITE_ONCE(x, 1); }
void P1(void) { if (READ_ONCE(x)) spin_unlock(&l); }`, 0, explore.BadUnlock},
		{"an unlock where it was not got", "lkmm", `
DEFINE_SPINLOCK(l);
void P0(void) { spin_trylock(&l); spin_unlock(&l); }
void P1(void) { spin_trylock(&l); spin_unlock(&l); }`, 0, explore.BadUnlock},
		{"two locks, and a try", "lkmm", `
DEFINE_SPINLOCK(l); DEFINE_SPINLOCK(m);
void P0(void) { spin_lock(&l); spin_lock(&m); spin_unlock(&l); spin_unlock(&m); }
void P1(void) { if (spin_trylock(&l)) spin_unlock(&l); }`, 3, ""},
		{"an unlock at the end", "sc", `
DEFINE_SPINLOCK(l);
void P0(void) { spin_lock(&l); spin_unlock(&l); }
void final(void) { spin_unlock(&l); }`, 0, explore.BadUnlock},
		{"a mutex of another's", "rc11", pthreads + `
pthread_mutex_t m;
void *f(void *p) { pthread_mutex_unlock(&m); return 0; }
int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_mutex_lock(&m); pthread_join(t, 0); pthread_mutex_unlock(&m); }`, 0, explore.BadUnlock},
		{"main by itself", "rc11", `
int x;
int main(void) { x = 1; assert(x == 1); }`, 1, ""},
		{"main by itself and wrong", "rc11", `
int x;
int main(void) { x = 1; assert(x == 2); }`, 0, explore.AssertionFails},
		{"a lock that is not given back in vain, and an assertion", "lkmm", `
int l, c;
static void f(void) { while (xchg_acquire(&l, 1)) while (READ_ONCE(l)) ; smp_store_release(&l, 0); }
void P0(void) { f(); c = 1; }
void P1(void) { f(); }
void final(void) { assert(c == 0); }`, 0, explore.AssertionFails},
		{"round and round", "sc", `
int x;
void P0(void) { for (;;) ; }
void P1(void) { WRITE_ONCE(x, 1); }`, 0, explore.Livelock},
		{"round and round behind a read", "lkmm", `
int x;
void P0(void) { if (READ_ONCE(x)) for (;;) smp_mb(); }
void P1(void) { WRITE_ONCE(x, 1); }`, 0, explore.Livelock},
		{"round and round within a loop that reads", "sc", `
int x;
void P0(void) { for (;;) { int r = READ_ONCE(x); if (r) for (;;) ; } }
void P1(void) { WRITE_ONCE(x, 1); }`, 0, explore.Livelock},
		{"round and round, adding and subtracting", "rc11", `
int x;
static void turn(int n) { for (;;) { __atomic_fetch_add(&x, n, 0); __atomic_fetch_sub(&x, n, 0); } }
void P0(void) { turn(1); }
void P1(void) { turn(-1); }`, 0, explore.Livelock},
		{"round and round, each where the other lets it", "sc", `
int turn;
static void pass(int from, int to) { for (;;) { while (READ_ONCE(turn) != from) ; WRITE_ONCE(turn, to); } }
void P0(void) { pass(0, 1); }
void P1(void) { pass(1, 0); }`, 0, explore.Livelock},
		{"round and round, and what is asked for is done", "sc", `
int request, done;
void P0(void) { for (;;) if (xchg(&request, 0)) WRITE_ONCE(done, 1); else idle(); }
void P1(void) { WRITE_ONCE(request, 1); }
void final(void) { assert(done == 1); }`, 1, ""},
		{"nothing left to do", "sc", `
int x;
void P0(void) { for (;;) idle(); }
void P1(void) { WRITE_ONCE(x, 1); }
void final(void) { assert(x == 1); }`, 1, ""},
		{"nothing left to do but an assertion", "sc", `
int x;
void P0(void) { WRITE_ONCE(x, 1); for (;;) { idle(); assert(0); } }`, 0, explore.AssertionFails},
		{"a null pointer", "sc", `
int *p;
void P0(void) { WRITE_ONCE(*p, 1); }`, 0, explore.BadAccess},
	} {
		if testing.Short() && i%3 != 0 {
			continue
		}
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

// TestCut: if a thread is not followed to its end, the place is reported; of
// several places, the first.
func TestCut(t *testing.T) {
	for _, c := range []struct{ name, code, want string }{
		{"a loop that hangs on what others write", `int x, n;
void P0(void) { WRITE_ONCE(x, 1); }
void P1(void) {
	int r;
	do { r = READ_ONCE(x); WRITE_ONCE(n, r); } while (!r);
}`, "bound: test.c:10:2: in P1, this loop goes on beyond 10 jumps back; a higher --bound goes further"},
		{"a loop without an end", `
void P0(void) { int i = 0; for (;;) i++; }`, "bound: test.c:7:28: in P0, this loop goes on beyond 1000 jumps back; a --bound above that goes further"},
		{"two of them", `
void P1(void) { int i = 0; l: i++; goto l; }
void P0(void) { int i = 0; for (;;) i++; }`, "bound: test.c:7:36: in P1, this loop goes on beyond 1000 jumps back; a --bound above that goes further"},
		{"in a function", `
static void f(void) { int i = 0; while (1) i++; }
void P0(void) { f(); }`, "bound: test.c:7:34: in P0, this loop goes on beyond 1000 jumps back; a --bound above that goes further"},
		{"allocations", `
void P0(void) { for (int i = 0; i < 17; i++) kmalloc(sizeof(int), 0); }`, "bound: test.c:7:46: in P0, more than 16 objects are allocated here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if r := runC(t, "sc", c.code); r.Verdict != Incomplete || r.Reason != c.want {
				t.Errorf("%s, %q: %v; want it to be incomplete, %q", r.Verdict, r.Reason, r.Failure, c.want)
			}
		})
	}
}

const pthreads = "#include <pthread.h>\n#include <stdatomic.h>\n#include <stdlib.h>\n"

// TestRaces: a data race is an error in C11, under a model that defines data races.
// In the kernel it is a flag.
func TestRaces(t *testing.T) {
	const two = pthreads + `int x, y;
atomic_int f;
void *a(void *p);
void *b(void *p);
int main(void) { pthread_t s, t; pthread_create(&s, 0, a, 0); pthread_create(&t, 0, b, 0); pthread_join(s, 0); pthread_join(t, 0); assert(x < 3); }
`
	for i, c := range []struct{ name, model, code, want string }{
		{"two writes", "rc11", two + `
void *a(void *p) { x = 1; return 0; }
void *b(void *p) {
	x = 2;
	return 0;
}`, "test.c:15:20: x = 1 races with x = 2 at test.c:17:2: neither happens before the other"},
		{"two writes on a machine", "armv8", two + `
void *a(void *p) { x = 1; return 0; }
void *b(void *p) { x = 2; return 0; }`, "holds"},
		{"the first of several", "rc11", two + `
void *b(void *p) { int r = y; r = x; return 0; }
void *a(void *p) { x = 2; y = 1; return 0; }`, "test.c:15:28: y races with y = 1 at test.c:16:27: neither happens before the other"},
		{"a message", "rc11", two + `
void *a(void *p) { x = 2; atomic_store_explicit(&f, 1, memory_order_release); return 0; }
void *b(void *p) { if (atomic_load_explicit(&f, memory_order_acquire)) x++; return 0; }`, "test.c:13:132: assert(x < 3) fails"},
		{"a relaxed message", "rc11", two + `
void *a(void *p) { x = 1; atomic_store_explicit(&f, 1, memory_order_relaxed); return 0; }
void *b(void *p) { if (atomic_load_explicit(&f, memory_order_acquire)) x = 2; return 0; }`,
			"test.c:15:20: x = 1 races with x = 2 at test.c:16:72: neither happens before the other"},
		{"an atomic access and one that is not", "rc11", two + `
void *a(void *p) { atomic_store((atomic_int *)&x, 1); return 0; }
void *b(void *p) { return (void *)(long)x; }`, "test.c:15:20: atomic_store((atomic_int *)&x, 1) races with x at test.c:16:41: neither happens before the other"},
		{"a mutex", "rc11", two + `
pthread_mutex_t m;
void *a(void *p) { pthread_mutex_lock(&m); x++; pthread_mutex_unlock(&m); return 0; }
void *b(void *p) { pthread_mutex_lock(&m); x++; pthread_mutex_unlock(&m); return 0; }`, "holds"},
		{"main, which has not joined", "rc11", pthreads + `int x;
void *a(void *p) { x = 1; return 0; }
int main(void) { pthread_t t; pthread_create(&t, 0, a, 0); x = 2; pthread_join(t, 0); x = 3; }`,
			"test.c:10:20: x = 1 races with x = 2 at test.c:11:60: neither happens before the other"},
		{"freed while in use", "rc11", two + `
int *q;
void *a(void *p) { q = malloc(sizeof(int)); atomic_store(&f, 1); free(q); return 0; }
void *b(void *p) { if (atomic_load(&f)) *q = 1; return 0; }`, "test.c:17:41: *q = 1 uses memory that is freed in line 16"},
		{"the kernel", "lkmm", `int x;
void P0(void) { x = 1; }
void P1(void) { x = 2; }`, "holds data-race"},
		{"the kernel in C11", "rc11", `int x;
void P0(void) { x = 1; }
void P1(void) { x = 2; }`, "holds data-race"},
	} {
		if testing.Short() && i%3 != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			r := runC(t, c.model, c.code)
			got := strings.Join(append([]string{string(r.Verdict)}, r.Flags...), " ")
			if r.Failure != nil {
				got = r.Failure.String()
			}
			if got != c.want || r.Failure != nil && r.Verdict != Fails {
				t.Errorf("%s: %s, want %s", r.Verdict, got, c.want)
			}
		})
	}
}

// TestMistyped: an access to memory with another type than it was declared with is
// an error, because the value would not be that of a machine.
func TestMistyped(t *testing.T) {
	for code, want := range map[string]string{
		"long l = 300;\nvoid P0(void) { void *v = &l; int r = *(int *)v; }":                                        "test.c:7:39: ",
		"long l = 300;\nvoid P0(void) { char r = *(char *)&l; }":                                                   "test.c:7:26: ",
		"int n = -1;\nvoid P0(void) { unsigned int *p = (unsigned int *)&n; assert(*p == 4294967295); }":           "",
		"int n = -1;\nvoid P0(void) { unsigned int *p = (unsigned int *)&n; WRITE_ONCE(*p, 4); assert(n == 4); }":  "",
		"struct a { int x; int y; } a; struct b { long z; };\nvoid P0(void) { ((struct b *)&a)->z = 1; }":          "test.c:7:17: ",
		"long l; void *p;\nvoid P0(void) { *(unsigned long *)&l = 7; p = &l; **(long **)&p = 8; assert(l == 8); }": "",
		"int n = 1;\nvoid P0(void) { if (READ_ONCE(n) == 2) *(char *)&n = 1; }":                                    "",
	} {
		switch r := runC(t, "lkmm", code); {
		case want == "" && r.Verdict != Holds:
			t.Errorf("%s: %s: %v %v", code, r.Verdict, r.Failure, r.Err)
		case want != "" && (r.Verdict != Error || !strings.HasPrefix(r.Err.Error(), want) || !strings.Contains(r.Err.Error(), "accesses memory as another type")):
			t.Errorf("%s: %s: %v, want %s", code, r.Verdict, r.Err, want)
		}
	}
}

// TestRetries: a loop that is left by a jump after a branch is followed for as many
// rounds as any other. The thread writes in each round. The static explorer gives
// the same numbers.
func TestRetries(t *testing.T) {
	const code = `
int a, b, in;
void P0(void) { for (;;) { WRITE_ONCE(a, 1); smp_mb(); if (!READ_ONCE(b)) break; WRITE_ONCE(a, 0); } WRITE_ONCE(in, 1); WRITE_ONCE(a, 0); }
void P1(void) { for (;;) { WRITE_ONCE(b, 1); smp_mb(); if (!READ_ONCE(a)) break; WRITE_ONCE(b, 0); } WRITE_ONCE(in, 2); WRITE_ONCE(b, 0); }`
	for name, want := range map[string]int64{"sc": 10, "x86-tso": 10, "lkmm": 32, "power": 20} {
		r := runCWith(t, name, code, Options{Workers: 2, Bound: 1})
		if r.Verdict != Incomplete || !r.BoundHit || r.Executions != want {
			t.Errorf("%s: %s, %d executions, %s; want the bound and %d", name, r.Verdict, r.Executions, r.Reason, want)
		}
	}
}

func runC(t *testing.T, name, code string) *Result {
	t.Helper()
	return runCWith(t, name, code, Options{Workers: 2, NoSymmetry: true})
}

func runCWith(t *testing.T, name, code string, o Options) *Result {
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
	test, err := s.Compile(m.Macros, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Run(context.Background(), test, m, o)
}

// The picture of a use of freed memory points at the access and at what freed it.
func TestAUseOfFreedMemoryIsPointedAt(t *testing.T) {
	const src = `#include <linux/slab.h>
#include <linux/atomic.h>
struct s { struct s *next; } *head;
void init(void) { head = kzalloc(sizeof(*head), GFP_KERNEL); }
void P0(void) { struct s *p = READ_ONCE(head); while (p) p = p->next; }
void P1(void) { kfree(xchg(&head, NULL)); }
`
	r := Source(t.Context(), "a.c", []byte(src), lkmm(t), Options{Picture: true}, csource.Options{})
	if r.Failure == nil || r.Picture == nil || r.Picture.Failure == nil {
		t.Fatalf("%+v", r)
	}
	var texts []string
	for _, e := range r.Picture.Failure.Events {
		texts = append(texts, r.Picture.Events[e].Text)
	}
	if got := strings.Join(texts, ", "); got != "kfree(xchg(&head, NULL)), p->next" {
		t.Errorf("%v: %s", r.Failure, got)
	}
}
