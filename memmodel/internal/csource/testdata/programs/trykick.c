// The first to set the word kicks the other.
#include <linux/atomic.h>
int head, kick;
void P0(void)
{
	int old = READ_ONCE(head);
	while (!try_cmpxchg(&head, &old, 1))
		;
	if (!old)
		WRITE_ONCE(kick, 1);
}
void P1(void)
{
	if (READ_ONCE(kick))
		xchg(&head, 0);
}
