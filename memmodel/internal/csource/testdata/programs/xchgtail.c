// Three threads queue up as in qspinlock, whose xchg_tail is a relaxed retry loop.
#include <linux/atomic.h>
atomic_t val = ATOMIC_INIT(1);
struct mcs { struct mcs *next; } node[4];
static void queue(int me)
{
	int old = atomic_read(&val);
	smp_wmb();
	while (!atomic_try_cmpxchg_relaxed(&val, &old, (old & 1) | me << 1))
		;
	if (old & ~1)
		WRITE_ONCE(node[old >> 1].next, &node[me]);
}
void P0(void) { queue(1); }
void P1(void) { queue(2); }
void P2(void) { queue(3); }
