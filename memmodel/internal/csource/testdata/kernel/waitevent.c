/* models: lkmm armv8 sc; twins: 1 */
#include <linux/wait.h>
DECLARE_WAIT_QUEUE_HEAD(q);
int cond, data;
void P0(void)
{
	data = 1;
	smp_store_release(&cond, 1);
#if BROKEN == 1
	if (waitqueue_active(&q))
		wake_up(&q);
#else
	if (wq_has_sleeper(&q))
		wake_up(&q);
#endif
}
void P1(void) { wait_event(q, smp_load_acquire(&cond)); BUG_ON(data != 1); }
