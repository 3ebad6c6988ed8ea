/* models: lkmm armv8; twins: 3 */
#include <linux/kref.h>
#include <linux/slab.h>
struct o { struct kref ref; int a; } *o;
void init(void) { o = kmalloc(sizeof(*o), GFP_KERNEL); kref_init(&o->ref); kref_get(&o->ref); o->a = 0; }
static void release(struct kref *k) { struct o *p = container_of(k, struct o, ref); BUG_ON(p->a != 2); kfree(p); }
void P0(void)
{
	o->a = 2;
	kref_put(&o->ref, release);
#if BROKEN == 1
	o->a = 2;
#endif
#if BROKEN == 2
	kref_put(&o->ref, release);
#endif
}
void P1(void)
{
	kref_put(&o->ref, release);
#if BROKEN == 3
	kref_get(&o->ref);
#endif
}
