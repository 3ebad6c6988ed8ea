/* models: lkmm armv8; twins: 2 */
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include <linux/slab.h>
spinlock_t l;
struct mutex m;
int x, y;
static int add(int early)
{
	guard(spinlock)(&l);
	x++;
	if (early)
		return x;
	x++;
	return x;
}
void P0(void)
{
	add(1);
	scoped_guard(mutex, &m) {
		y++;
		if (y > 5)
			break;
	}
#if BROKEN == 1
	y++;
#endif
}
void P1(void)
{
	int *p __free(kfree) = kmalloc(sizeof(int), GFP_KERNEL);
	*p = 2;
	add(0);
	scoped_guard(mutex, &m)
		y += *p;
#if BROKEN == 2
	kfree(p);
#endif
}
void final(void) { BUG_ON(x != 3 || y != 3); }
