// goto to a label that __label__ declares goes on there, and not from the start.
#include <linux/atomic.h>
#include <crosscall.h>

atomic_t n;
int x;

#define UNLESS(c, do) ({ __label__ out; if (c) goto out; do; out: 0; })

void P0(void)
{
	atomic_inc(&n);
	UNLESS(READ_ONCE(x), WRITE_ONCE(x, 1));
	UNLESS(READ_ONCE(x) == 1, WRITE_ONCE(x, 3));
}

void final(void)
{
	assert(atomic_read(&n) == 1);
	assert(x == 1);
}
