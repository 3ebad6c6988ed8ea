#ifndef __SHIM_LINUX_RCUWAIT_H
#define __SHIM_LINUX_RCUWAIT_H

/* One task that waits: Linux's include/linux/rcuwait.h and kernel/exit.c. */
#include <linux/rcupdate.h>
#include <linux/sched.h>

struct rcuwait { struct task_struct __rcu *task; };
#define __RCUWAIT_INITIALIZER(name) { NULL }
#define rcuwait_init(w) ((void)((w)->task = NULL))
#define rcuwait_active(w) (rcu_access_pointer((w)->task) != NULL)

static inline int rcuwait_wake_up(struct rcuwait *w)
{
	struct task_struct *task;
	int woken = 0;

	rcu_read_lock();
	smp_mb(); /* what is waited for was written before the task is looked for */
	task = rcu_dereference(w->task);
	if (task)
		woken = wake_up_process(task);
	rcu_read_unlock();
	return woken;
}
#define prepare_to_rcuwait(w) rcu_assign_pointer((w)->task, current)
#define finish_rcuwait(w) do { rcu_assign_pointer((w)->task, NULL); __set_current_state(TASK_RUNNING); } while (0)
#define rcuwait_wait_event(w, cond, state) ({ \
	prepare_to_rcuwait(w); \
	for (;;) { \
		set_current_state(state); \
		if (cond) \
			break; \
		schedule(); \
	} \
	finish_rcuwait(w); \
	0; })

#endif
