/* models: lkmm armv8 sc; twins: 2 */
#include <linux/kthread.h>
#include <linux/slab.h>
#include <crosscall.h>

/* A worker that is stopped: it has seen what was written before it was made, and what it
 * wrote is seen after the stop. */
struct task_struct *worker;
int made, done;

static int work(void *data)
{
	int *p = data;

	assert(*p == 1);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	done = 1;
	return 7;
}

void P0(void)
{
	int result;

#if BROKEN != 1
	made = 1;
#endif
	worker = kthread_run(work, &made, "worker/%d", 0);
#if BROKEN == 2
	set_bit(0, &worker->should); /* and nobody wakes it */
	while (!smp_load_acquire(&worker->__exited))
		;
	result = worker->__result;
#else
	result = kthread_stop(worker);
#endif
	assert(result == 7 || result == -EINTR);
	if (result == 7)
		assert(done == 1);
}
