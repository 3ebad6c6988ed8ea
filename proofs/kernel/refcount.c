/* lib/refcount.c and include/linux/refcount.h: references that end the life of an object. */
#include "lib/refcount.c"
#include <linux/slab.h>
#include <crosscall.h>

/* Who puts the last reference frees the object, after all that others have done with it;
 * none is taken again once there are none. */
struct object { refcount_t refs; int a, b; } *object;

void init(void)
{
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	refcount_set(&object->refs, 2);
}

static void put(struct object *o)
{
	if (refcount_dec_and_test(&o->refs)) {
		assert(o->a == 1 && o->b == 1);
		kfree(o);
	}
}

void P0(void) { object->a = 1; put(object); }
void P1(void)
{
	if (refcount_inc_not_zero(&object->refs))
		put(object);
	object->b = 1;
	put(object);
}
