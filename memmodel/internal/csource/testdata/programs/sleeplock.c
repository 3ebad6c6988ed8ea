// sleepflag.c with the waker under a lock.
#include <linux/spinlock.h>
int state, go;
spinlock_t l;
void P0(void)
{
	WRITE_ONCE(go, 1);
	spin_lock(&l);
	smp_mb__after_spinlock();
	if (READ_ONCE(state))
		WRITE_ONCE(state, 0);
	spin_unlock(&l);
}
void P1(void)
{
	for (;;) {
		smp_store_mb(state, 2);
		if (READ_ONCE(go))
			break;
		while (READ_ONCE(state))
			;
	}
	WRITE_ONCE(state, 0);
}
