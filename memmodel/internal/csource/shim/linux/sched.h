#ifndef __SHIM_LINUX_SCHED_H
#define __SHIM_LINUX_SCHED_H

/* Tasks: one for each thread. A task that is to sleep sets its state and calls
 * schedule(), which returns when somebody has set that to TASK_RUNNING. */
#include <linux/spinlock.h>
#include <linux/smp.h>

#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_WAKEKILL 0x100
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | 0x400)

#define MAX_TASKS 32 /* P0 to P15, and what kthread_create makes */
struct task_struct {
	unsigned int __state;
	raw_spinlock_t pi_lock;
	unsigned long should; /* stop, park */
	int pid;
	unsigned int flags;
	struct callback_head *task_works;
	int (*__threadfn)(void *data);
	void *__data;
	int __result, __exited;
	unsigned int in_eventfd;
};
#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
#define set_notify_resume(t) ((void)(t))
#define set_notify_signal(t) ((void)(t))
#define __set_notify_signal(t) ((void)(t))
static struct task_struct __tasks[MAX_TASKS];
#define current (&__tasks[__cc_task()])
#define get_current() current
#define task_pid_nr(t) ((int)((t) - __tasks))
#define get_task_struct(t) ((void)(t), (t))
#define put_task_struct(t) ((void)(t))

#define get_current_state() READ_ONCE(current->__state)
#define __set_current_state(s) WRITE_ONCE(current->__state, (s))
#define set_current_state(s) smp_store_mb(current->__state, (s))
#define task_is_running(t) (READ_ONCE((t)->__state) == TASK_RUNNING)
#define signal_pending(t) 0
#define signal_pending_state(s, t) 0
#define fatal_signal_pending(t) 0
#define need_resched() 0
#ifndef vcpu_is_preempted
#define vcpu_is_preempted(cpu) ((void)(cpu), 0)
#endif
#define MAX_SCHEDULE_TIMEOUT ((long)(~0UL >> 1))

static inline void schedule(void)
{
	while (READ_ONCE(current->__state) != TASK_RUNNING)
		;
}
/* With a time limit, it is fine if nobody wakes the task. */
static inline void __schedule_limited(void)
{
	while (READ_ONCE(current->__state) != TASK_RUNNING)
		__cc_idle();
}
#define io_schedule() schedule()
#define schedule_preempt_disabled() schedule()
#define yield() ((void)0)
/* The time may be over at once. */
static inline long schedule_timeout(long left)
{
	if (left == MAX_SCHEDULE_TIMEOUT) {
		schedule();
	} else if (!choose(2)) {
		__schedule_limited();
	} else {
		__set_current_state(TASK_RUNNING);
		left = 0;
	}
	return left;
}

static inline int try_to_wake_up(struct task_struct *p, unsigned int state, int flags)
{
	int woken = 0;

	raw_spin_lock(&p->pi_lock);
	smp_mb__after_spinlock();
	if (READ_ONCE(p->__state) & state) {
		WRITE_ONCE(p->__state, TASK_RUNNING);
		woken = 1;
	}
	raw_spin_unlock(&p->pi_lock);
	return woken;
}
#define wake_up_process(p) try_to_wake_up((p), TASK_NORMAL, 0)
#define wake_up_state(p, s) try_to_wake_up((p), (s), 0)
#define set_special_state(s) WRITE_ONCE(current->__state, (s))
#define TASK_STOPPED 0x4
#define TASK_TRACED 0x8
#define TASK_PARKED 0x40
#define TASK_NEW 0x800
#define TASK_FREEZABLE 0x2000
#define TASK_FROZEN 0x8000
#define schedule_timeout_interruptible(t) ({ __set_current_state(TASK_INTERRUPTIBLE); schedule_timeout(t); })
#define schedule_timeout_uninterruptible(t) ({ __set_current_state(TASK_UNINTERRUPTIBLE); schedule_timeout(t); })
#define schedule_timeout_killable(t) schedule_timeout_uninterruptible(t)
#define schedule_timeout_idle(t) schedule_timeout_uninterruptible(t)
static inline long io_schedule_timeout(long left) { return schedule_timeout(left); }
#define wake_q_add(q, t) ((void)wake_up_process(t))
#define wake_up_q(q) ((void)(q))
#define task_cpu(t) ((int)((t) - __tasks))
#define task_pid_vnr(t) task_pid_nr(t)
#define task_tgid_nr(t) task_pid_nr(t)
#define is_idle_task(t) ((void)(t), 0)
#define task_curr(t) ((void)(t), 1)
#define kick_process(t) ((void)(t))
#include <linux/jiffies.h>

#endif
