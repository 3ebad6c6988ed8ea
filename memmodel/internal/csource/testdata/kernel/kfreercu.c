/* models: lkmm; twins: 1 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
struct o { int a; struct rcu_head rcu; } *o;
void init(void) { o = kmalloc(sizeof(*o), GFP_KERNEL); o->a = 1; }
void P0(void)
{
	struct o *p = rcu_replace_pointer(o, NULL, 1);

	kfree_rcu(p, rcu);
}
void P1(void)
{
	struct o *p;

	rcu_read_lock_bh();
	p = rcu_dereference_bh(o);
#if BROKEN == 1
	rcu_read_unlock_bh();
#endif
	if (p)
		BUG_ON(READ_ONCE(p->a) != 1);
#if BROKEN != 1
	rcu_read_unlock_bh();
#endif
}
