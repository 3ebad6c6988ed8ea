/* models: lkmm armv8 sc; twins: 1 */
#include <linux/rcuwait.h>
#include <crosscall.h>

static struct rcuwait w;
int go;

void P0(void) { rcuwait_wait_event(&w, READ_ONCE(go), TASK_UNINTERRUPTIBLE); }
void P1(void)
{
	WRITE_ONCE(go, 1);
#if BROKEN != 1
	rcuwait_wake_up(&w);
#else
	if (rcuwait_active(&w)) /* with no barrier */
		wake_up_process(w.task);
#endif
}
