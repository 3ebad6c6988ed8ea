#include <linux/atomic.h>
#include <crosscall.h>
atomic_t v;
struct q { void (*func)(void *); void *info; } q;
static int ran;
static void add2(void *p) { int *x = p; *x += 2; }
static void add1(void *p) { int *x = p; *x += 1; }
void init(void) { q.func = add1; q.info = &ran; }
static bool bump(atomic_t *v, int n) { int old = atomic_read(v); do { if (old > 5) return false; } while (!atomic_try_cmpxchg(v, &old, old + n)); return true; }
void P0(void) { bump(&v, 1); WRITE_ONCE(q.func, add2); }
void P1(void) { bump(&v, 2); void (*f)(void *) = READ_ONCE(q.func); f(q.info); }
void final(void) { assert(atomic_read(&v) == 3); assert(ran == 1 || ran == 2); }
