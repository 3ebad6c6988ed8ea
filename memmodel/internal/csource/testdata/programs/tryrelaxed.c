// Nothing holds the kick back: each failure reads another write of another thread.
#include <linux/atomic.h>
atomic_t head;
int kick;
static void up(void)
{
	int old = atomic_read(&head);
	while (!atomic_try_cmpxchg_relaxed(&head, &old, old + 1))
		;
	WRITE_ONCE(kick, 1);
}
void P0(void) { up(); }
void P1(void) { up(); }
void P2(void) { if (READ_ONCE(kick)) atomic_set(&head, 0); }
