/* models: lkmm; twins: 2 */
/* Work sees what was written before it was queued, also by a CPU that found it queued
 * already, and flush_work sees what the work has written. */
#include <linux/workqueue.h>
#include <crosscall.h>

static int one, two, sum;
static void add(struct work_struct *work);
static DECLARE_WORK(work, add);

static void add(struct work_struct *w)
{
	if (READ_ONCE(one))
		WRITE_ONCE(sum, READ_ONCE(one) + READ_ONCE(two));
}

void P0(void)
{
	WRITE_ONCE(one, 1);
	schedule_work(&work);
#if BROKEN != 1
	flush_work(&work);
#endif
	assert(READ_ONCE(sum) >= 1);
}

void P1(void)
{
#if BROKEN == 2
	if (work_pending(&work))
		assert(READ_ONCE(one) == 1);
#else
	WRITE_ONCE(two, 2);
	schedule_work(&work);
#endif
}
