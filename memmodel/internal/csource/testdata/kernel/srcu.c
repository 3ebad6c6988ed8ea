/* models: lkmm; twins: 1 */
#include <linux/srcu.h>
#include <linux/slab.h>
DEFINE_SRCU(s);
struct o { int a; } *o;
void init(void) { o = kmalloc(sizeof(*o), GFP_KERNEL); o->a = 1; }
void P0(void)
{
	struct o *p = o;

	rcu_assign_pointer(o, NULL);
#if BROKEN != 1
	synchronize_srcu(&s);
#endif
	kfree(p);
}
void P1(void)
{
	guard(srcu)(&s);
	struct o *p = srcu_dereference(o, &s);

	if (p)
		BUG_ON(READ_ONCE(p->a) != 1);
}
