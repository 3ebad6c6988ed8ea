/* models: lkmm armv8; twins: 2 */
#include <linux/rwsem.h>
DECLARE_RWSEM(s);
int a, b;
void P0(void)
{
	down_write(&s);
	a = 1;
#if BROKEN == 1
	downgrade_write(&s);
	b = 1;
#else
	b = 1;
	downgrade_write(&s);
#endif
	up_read(&s);
#if BROKEN == 2
	up_write(&s);
#endif
}
void P1(void)
{
	if (down_read_trylock(&s)) {
		BUG_ON(a != b);
		up_read(&s);
	}
}
