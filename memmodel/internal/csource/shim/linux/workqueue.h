#ifndef __SHIM_LINUX_WORKQUEUE_H
#define __SHIM_LINUX_WORKQUEUE_H

/* Work that a thread of its own does: Linux's kernel/workqueue.c. Work that is pending
 * already is not queued again, and one work does not run twice at a time. Delays are
 * none. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct {
	work_func_t func;
	atomic_t state; /* twice how often it was queued; and 1 while it is pending */
	atomic_t ended;
	spinlock_t running;
};
struct delayed_work { struct work_struct work; };
struct workqueue_struct { int __none; };
static struct workqueue_struct __workqueue;
#define system_wq (&__workqueue)
#define system_unbound_wq system_wq
#define system_highpri_wq system_wq
#define alloc_workqueue(...) system_wq
#define alloc_ordered_workqueue(...) system_wq
#define create_singlethread_workqueue(name) system_wq

#define __WORK_INITIALIZER(n, f) { .func = (f) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f) struct delayed_work n = { .work = __WORK_INITIALIZER(n.work, f) }
#define INIT_WORK(w, f) do { (w)->func = (f); atomic_set(&(w)->state, 0); atomic_set(&(w)->ended, 0); } while (0)
#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)
#define to_delayed_work(w) container_of(w, struct delayed_work, work)
#define work_pending(w) (atomic_read(&(w)->state) & 1)

/* The flag is cleared before the work is done, with a full barrier: the work sees what
 * was written by a CPU that found the flag set. */
static void __work_run(void *p)
{
	struct work_struct *w = p;

	spin_lock(&w->running);
	smp_wmb();
	atomic_andnot(1, &w->state);
	smp_mb();
	w->func(w);
	spin_unlock(&w->running);
	atomic_inc_return_release(&w->ended);
}
static inline bool __work_claim(struct work_struct *w)
{
	int old;

	smp_mb();
	old = atomic_read(&w->state);
	do {
		if (old & 1) {
			smp_mb();
			return false;
		}
	} while (!atomic_try_cmpxchg(&w->state, &old, old + 3));
	return true;
}
#define queue_work(wq, w) ({ \
	struct work_struct *__queue_work = (w); \
	bool __claimed = __work_claim(__queue_work); \
	if (__claimed) \
		__cc_defer(__work_run, (void *)__queue_work, __cc_cpu()); \
	__claimed; })
#define queue_work_on(cpu, wq, w) queue_work(wq, w)
#define schedule_work(w) queue_work(system_wq, w)
#define schedule_work_on(cpu, w) queue_work(system_wq, w)
#define queue_delayed_work(wq, w, delay) queue_work(wq, &(w)->work)
#define schedule_delayed_work(w, delay) queue_work(system_wq, &(w)->work)

/* Runs of one work are in the order in which it was queued. */
static inline bool flush_work(struct work_struct *w)
{
	int queued = atomic_read(&w->state) >> 1;

	atomic_cond_read_acquire(&w->ended, VAL >= queued);
	return queued > 0;
}
#define flush_delayed_work(w) flush_work(&(w)->work)
#define cancel_work_sync(w) (__cc_unsupported("cancel_work_sync is not supported: let the work look at a flag, and flush it"), false)
#define cancel_delayed_work_sync(w) cancel_work_sync(&(w)->work)
#define cancel_delayed_work(w) cancel_work_sync(&(w)->work)
#define flush_workqueue(wq) __cc_unsupported("flush_workqueue is not supported: flush each work")
#define destroy_workqueue(wq) ((void)(wq))

#endif
