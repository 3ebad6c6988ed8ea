/* models: lkmm armv8 sc; twins: 2 */
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <crosscall.h>

/* An object with work is freed after the work was cancelled. */
struct object { int runs; struct work_struct work; };

static void run(struct work_struct *w)
{
	container_of(w, struct object, work)->runs++;
}

void P0(void)
{
	struct object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	INIT_WORK(&o->work, run);
	schedule_work(&o->work);
#if BROKEN == 1
	cancel_work(&o->work);
#elif BROKEN == 2
	if (cancel_work_sync(&o->work))
		assert(o->runs == 1);
#else
	if (cancel_work_sync(&o->work))
		assert(o->runs == 0);
	else
		assert(o->runs == 1);
#endif
	kfree(o);
}
