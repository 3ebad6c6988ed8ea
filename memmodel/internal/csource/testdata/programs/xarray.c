/* An object is found in an xarray while another thread takes it out. */
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <crosscall.h>

struct object { int v; refcount_t ref; struct rcu_head rcu; };

static DEFINE_XARRAY(objects);

static void put(struct object *o)
{
	if (refcount_dec_and_test(&o->ref))
		kfree_rcu(o, rcu);
}

void init(void)
{
	struct object *o = kmalloc(sizeof(*o), GFP_KERNEL);

	o->v = 7;
	refcount_set(&o->ref, 1);
	xa_store(&objects, 3, o, GFP_KERNEL);
}

void P0(void)
{
	struct object *o;

	rcu_read_lock();
	o = xa_load(&objects, 3);
	if (o && !refcount_inc_not_zero(&o->ref))
		o = NULL;
	rcu_read_unlock();
	if (o) {
		assert(o->v == 7);
		put(o);
	}
}

void P1(void)
{
	struct object *o = xa_erase(&objects, 3);

	if (o)
		put(o);
}
