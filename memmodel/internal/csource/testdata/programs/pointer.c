// Functions called through pointers that another thread writes.
#include <linux/atomic.h>
#include <crosscall.h>

struct request { void (*func)(void *); void *info; } q;
static int ran;

static void one(void *p) { int *x = p; *x += 1; }
static void two(void *p) { int *x = p; *x += 2; }

void init(void) { q.func = one; q.info = &ran; }

void P0(void) { WRITE_ONCE(q.func, two); }

void P1(void)
{
	void (*f)(void *) = READ_ONCE(q.func);

	f(q.info);
}

void final(void) { assert(ran == 1 || ran == 2); }
