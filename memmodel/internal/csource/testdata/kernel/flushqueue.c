/* models: lkmm armv8 sc; twins: 1 */
#include <linux/workqueue.h>
#include <crosscall.h>

int sum[2];

static void first(struct work_struct *w) { sum[0] = 1; }
static void second(struct work_struct *w) { sum[1] = 1; }
static DECLARE_WORK(a, first);
static DECLARE_DELAYED_WORK(b, second);

void P0(void)
{
	struct workqueue_struct *q = alloc_workqueue("q", WQ_UNBOUND, 0);

	queue_work(q, &a);
	queue_delayed_work(q, &b, HZ);
#if BROKEN == 1
	flush_work(&a);
#else
	flush_workqueue(q);
#endif
	assert(sum[0] && sum[1]);
}
