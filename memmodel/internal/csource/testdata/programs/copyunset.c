/* A struct may be copied although some of its members have no values. */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <crosscall.h>

struct item { int a, b; struct rcu_head rcu; };

struct item __rcu *shared;

void P0(void)
{
	struct item *old = kmalloc(sizeof(*old), GFP_KERNEL), *new = kmalloc(sizeof(*new), GFP_KERNEL);

	old->a = old->b = 1;
	*new = *old;
	rcu_assign_pointer(shared, new);
}

void P1(void)
{
	struct item *p;

	rcu_read_lock();
	p = rcu_dereference(shared);
	assert(!p || p->a == p->b);
	rcu_read_unlock();
}
