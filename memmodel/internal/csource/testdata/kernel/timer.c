/* models: lkmm armv8 sc; twins: 2 */
#include <linux/slab.h>
#include <linux/timer.h>
#include <crosscall.h>

/* An object with a timer is freed after the timer was deleted. */
struct object { int ticks; struct timer_list timer; };

static void tick(struct timer_list *t)
{
	struct object *o = from_timer(o, t, timer);

	o->ticks++;
}

void P0(void)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	timer_setup(&o->timer, tick, 0);
	mod_timer(&o->timer, jiffies + HZ);
#if BROKEN == 1
	timer_delete(&o->timer);
#else
	timer_delete_sync(&o->timer);
#endif
#if BROKEN == 2
	assert(o->ticks == 1); /* it need not have come to it */
#else
	assert(o->ticks <= 1);
#endif
	kfree(o);
}
