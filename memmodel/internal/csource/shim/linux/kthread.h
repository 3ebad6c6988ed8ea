#ifndef __SHIM_LINUX_KTHREAD_H
#define __SHIM_LINUX_KTHREAD_H

/* Kernel threads: Linux's kernel/kthread.c. One is a thread of its own, that sleeps until
 * it is woken for the first time. If it is to stop before that, its function never runs. */
#include <linux/sched.h>
#include <linux/bitops.h>
#include <linux/err.h>

#define __KTHREAD_STOP 0
#define __KTHREAD_PARK 1
#define kthread_should_stop() test_bit(__KTHREAD_STOP, &current->should)
#define kthread_should_park() test_bit(__KTHREAD_PARK, &current->should)
#define kthread_freezable_should_stop(frozen) kthread_should_stop()
#define kthread_data(t) ((t)->__data)
#define kthread_bind(t, cpu) ((void)(t))

static void __kthread(void *p)
{
	struct task_struct *t = p;

	schedule();
	t->__result = test_bit(__KTHREAD_STOP, &t->should) ? -EINTR : t->__threadfn(t->__data);
	smp_store_release(&t->__exited, 1);
}
#define kthread_create(f, d, ...) ({ \
	struct task_struct *__kt = &__tasks[__cc_next_task()]; \
	__kt->__threadfn = (f); \
	__kt->__data = (d); \
	WRITE_ONCE(__kt->__state, TASK_UNINTERRUPTIBLE); \
	__cc_defer(__kthread, (void *)__kt, -1); \
	__kt; })
#define kthread_create_on_node(f, d, node, ...) kthread_create(f, d)
#define kthread_create_on_cpu(f, d, cpu, ...) kthread_create(f, d)
#define kthread_run(f, d, ...) ({ struct task_struct *__run = kthread_create(f, d); wake_up_process(__run); __run; })
#define kthread_run_on_cpu(f, d, cpu, ...) kthread_run(f, d)
/* Of a task that P0, P1 ... are, this only sets the flag, because they have no end that can
 * be waited for. */
static inline int kthread_stop(struct task_struct *t)
{
	set_bit(__KTHREAD_STOP, &t->should);
	wake_up_process(t);
	if (!t->__threadfn)
		return 0;
	while (!smp_load_acquire(&t->__exited))
		;
	return t->__result;
}
#define kthread_stop_put(t) kthread_stop(t)
#define kthread_park(t) (__cc_unsupported("kthread_park is not supported"), 0)
#define kthread_unpark(t) __cc_unsupported("kthread_unpark is not supported")

#endif
