/* models: lkmm armv8; twins: 1 */
#include <linux/semaphore.h>
struct semaphore s = __SEMAPHORE_INITIALIZER(s, 1);
int x;
static void add(void)
{
#if BROKEN == 1
	if (down_trylock(&s)) {
		x++;
		return;
	}
#else
	down(&s);
#endif
	x++;
	up(&s);
}
void P0(void) { add(); }
void P1(void) { add(); }
void final(void) { BUG_ON(x != 2); }
