/* kernel/sched/wait.c and include/linux/wait.h: queues of tasks that sleep. */
#include <linux/wait.h>
#include "kernel/sched/wait.c"
#include <crosscall.h>

/* As kernel/sched/core.c has it, over our try_to_wake_up. */
int default_wake_function(wait_queue_entry_t *w, unsigned mode, int flags, void *key)
{
	return try_to_wake_up(w->private, mode, flags);
}

/* Who sleeps until something has happened is woken when it has. */
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int ready, data;

void P0(void)
{
	wait_event(queue, READ_ONCE(ready));
	smp_rmb();
	assert(data == 1);
}

void P1(void)
{
	data = 1;
	smp_wmb();
	WRITE_ONCE(ready, 1);
	wake_up(&queue);
}
