// A reader under rcu_read_lock, and a writer that frees at once.
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/atomic.h>

struct conf { int a, b; };
struct conf *current_conf;

void init(void)
{
	current_conf = kzalloc(sizeof(struct conf), GFP_KERNEL);
}

void P0(void)
{
	struct conf *c;

	rcu_read_lock();
	c = rcu_dereference(current_conf);
	assert(c->a == c->b);
	rcu_read_unlock();
}

void P1(void)
{
	struct conf *new = kmalloc(sizeof(*new), GFP_KERNEL);
	struct conf *old = current_conf;

	new->a = new->b = 1;
	rcu_assign_pointer(current_conf, new);
	/* no grace period */
	kfree(old);
}
