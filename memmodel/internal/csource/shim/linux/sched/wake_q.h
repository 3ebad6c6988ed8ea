#ifndef __SHIM_LINUX_SCHED_WAKE_Q_H
#define __SHIM_LINUX_SCHED_WAKE_Q_H

/* Tasks that are woken later, once locks are given back. */
#include <linux/sched.h>

#undef wake_q_add
#undef wake_up_q
#define __WAKE_Q_TASKS 4
struct wake_q_head { int __tasks; struct task_struct *__task[__WAKE_Q_TASKS]; };
#define DEFINE_WAKE_Q(name) struct wake_q_head name = { 0 }
#define wake_q_init(q) ((void)((q)->__tasks = 0))
#define wake_q_empty(q) ((q)->__tasks == 0)

static inline void wake_q_add(struct wake_q_head *q, struct task_struct *t)
{
	smp_mb();
	if (q->__tasks == __WAKE_Q_TASKS)
		__cc_beyond("more tasks are in one wake_q_head than are followed");
	q->__task[q->__tasks++] = t;
}
#define wake_q_add_safe(q, t) wake_q_add((q), (t))

static inline void wake_up_q(struct wake_q_head *q)
{
	int i;

	for (i = 0; i < q->__tasks; i++)
		wake_up_process(q->__task[i]);
}

#endif
