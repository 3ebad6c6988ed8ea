// A task that sleeps until its state is set to 0. Coherence allows two rounds at most.
#include <linux/atomic.h>
int state, go;
void P0(void)
{
	WRITE_ONCE(go, 1);
	smp_mb();
	if (READ_ONCE(state))
		WRITE_ONCE(state, 0);
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
