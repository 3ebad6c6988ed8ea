/* models: lkmm armv8 riscv; twins: 3 */
/* A branch orders a call that frees. A flag without release does not. */
#include <linux/atomic.h>
#include <linux/slab.h>
struct thing { int a; } *thing;
int done;
void init(void) { thing = kmalloc(sizeof(*thing), GFP_KERNEL); thing->a = 1; }
void P0(void)
{
	int r = READ_ONCE(thing->a);
#if BROKEN == 1
	WRITE_ONCE(done, 1);
#elif BROKEN == 2
	smp_store_release(&done, 1);
	r += READ_ONCE(thing->a);
#else
	smp_store_release(&done, 1);
#endif
	(void)r;
}
void P1(void)
{
#if BROKEN == 3
	int r = READ_ONCE(done);
	kfree(thing);
	(void)r;
#else
	if (READ_ONCE(done))
		kfree(thing);
#endif
}
