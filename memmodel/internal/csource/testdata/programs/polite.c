// Each gives way to the other. If they take turns, neither goes in.
#include <linux/atomic.h>
int a, b;
static void enter(int *mine, int *other)
{
	for (;;) {
		WRITE_ONCE(*mine, 1);
		smp_mb();
		if (!READ_ONCE(*other))
			break;
		WRITE_ONCE(*mine, 0);
		smp_mb();
	}
	smp_store_release(mine, 0);
}
void P0(void) { enter(&a, &b); }
void P1(void) { enter(&b, &a); }
