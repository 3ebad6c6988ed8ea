// sleepflag.c without the barrier of the sleeper, who may sleep forever.
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
		WRITE_ONCE(state, 2);
		if (READ_ONCE(go))
			break;
		while (READ_ONCE(state))
			;
	}
	WRITE_ONCE(state, 0);
}
