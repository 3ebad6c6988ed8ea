// A bit as a lock, with a write behind it that need not wait if the lock is relaxed.
#include <linux/atomic.h>
int l, x;
void P0(void)
{
	while (xchg_relaxed(&l, 1))
		;
	WRITE_ONCE(x, 1);
	smp_store_release(&l, 0);
}
void P1(void)
{
	if (READ_ONCE(x))
		xchg(&l, 0);
}
