// sleepflag.c with a queue of one.
#include <linux/spinlock.h>
int state, go, queued;
spinlock_t l, ql;
void P0(void)
{
	WRITE_ONCE(go, 1);
	spin_lock(&ql);
	if (queued) {
		queued = 0;
		spin_lock(&l);
		smp_mb__after_spinlock();
		if (READ_ONCE(state))
			WRITE_ONCE(state, 0);
		spin_unlock(&l);
	}
	spin_unlock(&ql);
}
void P1(void)
{
	for (;;) {
		spin_lock(&ql);
		if (!queued)
			queued = 1;
		smp_store_mb(state, 2);
		spin_unlock(&ql);
		if (READ_ONCE(go))
			break;
		while (READ_ONCE(state))
			;
	}
	WRITE_ONCE(state, 0);
}
