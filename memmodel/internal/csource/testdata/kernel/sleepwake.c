/* models: lkmm armv8 x86-tso; twins: 1 */
#include <linux/sched.h>
int cond;
void P0(void) { WRITE_ONCE(cond, 1); wake_up_process(&__tasks[1]); }
void P1(void)
{
	for (;;) {
#if BROKEN == 1
		__set_current_state(TASK_INTERRUPTIBLE);
#else
		set_current_state(TASK_INTERRUPTIBLE);
#endif
		if (READ_ONCE(cond))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
}
