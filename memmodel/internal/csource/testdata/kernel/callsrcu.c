/* models: lkmm; twins: 2 */
/* A callback of call_srcu runs after the sections of readers that may have the object. */
#include <linux/srcu.h>
#include <linux/slab.h>
#include <crosscall.h>

struct object { int value; struct rcu_head rcu; };

DEFINE_SRCU(domain);
DEFINE_SRCU(other);
struct object *shared;

static void retire(struct rcu_head *head)
{
	struct object *o = container_of(head, struct object, rcu);

	o->value = 0;
	kfree(o);
}

void init(void)
{
	struct object *o = kmalloc(sizeof(*o), GFP_KERNEL);

	o->value = 1;
	shared = o;
}

void P0(void)
{
	int section = srcu_read_lock(&domain);
	struct object *o = srcu_dereference(shared, &domain);

	if (o)
		assert(o->value == 1);
	srcu_read_unlock(&domain, section);
}

void P1(void)
{
	struct object *o = shared;

#if BROKEN == 2
	call_srcu(&domain, &o->rcu, retire);
	rcu_assign_pointer(shared, NULL);
#else
	rcu_assign_pointer(shared, NULL);
	call_srcu(BROKEN == 1 ? &other : &domain, &o->rcu, retire);
#endif
}
