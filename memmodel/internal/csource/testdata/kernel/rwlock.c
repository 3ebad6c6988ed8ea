/* models: lkmm armv8; twins: 2 */
#include <linux/spinlock.h>
DEFINE_RWLOCK(l);
int a, b;
void P0(void)
{
	write_lock(&l);
	a++;
	b++;
#if BROKEN == 1
	read_unlock(&l);
#else
	write_unlock(&l);
#endif
}
void P1(void)
{
#if BROKEN != 2
	read_lock(&l);
#endif
	BUG_ON(a != b);
#if BROKEN != 2
	read_unlock(&l);
#endif
}
void P2(void) { guard(read_lock)(&l); BUG_ON(a != b); }
