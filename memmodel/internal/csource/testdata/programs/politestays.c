// Who goes in stays, and the other goes round forever.
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
}
void P0(void) { enter(&a, &b); }
void P1(void) { enter(&b, &a); }
