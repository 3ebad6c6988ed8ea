/* kernel/sched/swait.c: simple wait queues. */
#include <linux/sched.h>
#include <linux/swait.h>
#include "kernel/sched/swait.c"
#include <crosscall.h>

/* A task that sleeps is woken. With ACTIVE the waker looks whether one sleeps with no barrier,
 * which the header's comment warns of. */
static DECLARE_SWAIT_QUEUE_HEAD(queue);
static int ready;

void P0(void)
{
	WRITE_ONCE(ready, 1);
#ifdef ACTIVE
	if (swait_active(&queue))
#else
	if (swq_has_sleeper(&queue))
#endif
		swake_up_one(&queue);
}

void P1(void) { swait_event_exclusive(queue, READ_ONCE(ready)); }
