// A lock that is looked at until it seems free, and only then taken. LKMM lets the
// thread try again before it knows what it has seen.
#include <linux/atomic.h>
#include <linux/bug.h>

static int lock, count;

static void add(void)
{
	int n;

	while (xchg_acquire(&lock, 1)) {
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
