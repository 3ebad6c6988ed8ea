/*
 * Two locks, taken in two orders: some execution waits forever.
 */
#include <linux/spinlock.h>
#include <crosscall.h>

DEFINE_SPINLOCK(a);
DEFINE_SPINLOCK(b);

void P0(void)
{
	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
}

void P1(void)
{
	spin_lock(&b);
	spin_lock(&a);
	spin_unlock(&a);
	spin_unlock(&b);
}
