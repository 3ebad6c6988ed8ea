/* Nobody sets mode, so no execution passes the first fence: nothing is said of it. */
#include <linux/atomic.h>
#include <crosscall.h>

int data, ready, mode;

void P0(void)
{
	WRITE_ONCE(data, 1);
	if (READ_ONCE(mode))
		smp_wmb();
	smp_wmb();
	WRITE_ONCE(ready, 1);
}

void P1(void)
{
	if (smp_load_acquire(&ready))
		assert(READ_ONCE(data) == 1);
}
