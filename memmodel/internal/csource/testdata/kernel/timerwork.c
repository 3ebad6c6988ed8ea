/* models: lkmm sc; twins: 1 */
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <crosscall.h>

/* A timer queues work. Both are stopped before their object is freed, the timer first. */
struct device { struct timer_list timer; struct work_struct work; int n; };

static void work(struct work_struct *w) { container_of(w, struct device, work)->n++; }
static void tick(struct timer_list *t)
{
	struct device *d = from_timer(d, t, timer);

	schedule_work(&d->work);
}

void P0(void)
{
	struct device *d = kzalloc(sizeof(*d), GFP_KERNEL);

	INIT_WORK(&d->work, work);
	timer_setup(&d->timer, tick, 0);
	mod_timer(&d->timer, jiffies + 1);
#if BROKEN == 1
	cancel_work_sync(&d->work);
	timer_delete_sync(&d->timer);
#else
	timer_delete_sync(&d->timer);
	cancel_work_sync(&d->work);
#endif
	kfree(d);
}
