// The same with a relaxed xchg: who takes the lock may see old data.
#include <linux/atomic.h>
#include <linux/bug.h>

static int lock, count;

static void add(void)
{
	int n;

	while (xchg_relaxed(&lock, 1)) {
		while (READ_ONCE(lock))
			cpu_relax();
	}
	n = READ_ONCE(count);
	WRITE_ONCE(count, n + 1);
	smp_store_release(&lock, 0);
}

void P0(void) { add(); }
void P1(void) { add(); }

void final(void) { BUG_ON(count != 2); }
