/* models: lkmm; twins: 2 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
struct o { int a; struct rcu_head rcu; } *o;
void init(void) { o = kmalloc(sizeof(*o), GFP_KERNEL); o->a = 1; }
static void done(struct rcu_head *h) { struct o *p = container_of(h, struct o, rcu); kfree(p); }
void P0(void)
{
	struct o *p = o;

#if BROKEN == 1
	rcu_assign_pointer(o, NULL);
	kfree(p);
#elif BROKEN == 2
	call_rcu(&p->rcu, done);
	rcu_assign_pointer(o, NULL);
#else
	rcu_assign_pointer(o, NULL);
	call_rcu(&p->rcu, done);
#endif
}
void P1(void)
{
	guard(rcu)();
	struct o *p = rcu_dereference(o);

	if (p)
		BUG_ON(READ_ONCE(p->a) != 1);
}
