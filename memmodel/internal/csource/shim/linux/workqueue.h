#ifndef __SHIM_LINUX_WORKQUEUE_H
#define __SHIM_LINUX_WORKQUEUE_H

/* Work that a thread of its own does: Linux's kernel/workqueue.c. Work that is pending
 * already is not queued again, and one work does not run twice at a time. Delays are
 * none. */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/deferral.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);
struct work_struct {
	work_func_t func;
	atomic_t pending;
	struct __deferral *last;
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
#define create_workqueue(name) system_wq
#define system_long_wq system_wq
#define system_freezable_wq system_wq
#define system_percpu_wq system_wq
#define system_dfl_wq system_wq
#define WQ_UNBOUND 2
#define WQ_FREEZABLE 4
#define WQ_MEM_RECLAIM 8
#define WQ_HIGHPRI 16
#define WQ_PERCPU 0
#define INIT_WORK_ONSTACK(w, f) INIT_WORK(w, f)
#define destroy_work_on_stack(w) ((void)(w))
#define INIT_DEFERRABLE_WORK(w, f) INIT_DELAYED_WORK(w, f)
#define work_busy(w) work_pending(w)
#define delayed_work_pending(w) work_pending(&(w)->work)

#define __WORK_INITIALIZER(n, f) { .func = (f) }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f) struct delayed_work n = { .work = __WORK_INITIALIZER(n.work, f) }
#define INIT_WORK(w, f) do { (w)->func = (f); atomic_set(&(w)->pending, 0); (w)->last = NULL; } while (0)
#define INIT_DELAYED_WORK(w, f) INIT_WORK(&(w)->work, f)
#define to_delayed_work(w) container_of(w, struct delayed_work, work)
#define work_pending(w) (atomic_read(&(w)->pending) != 0)

/* The flag is cleared before the work is done, with a full barrier: the work sees what
 * was written by a CPU that found the flag set. The work may free itself. */
static atomic_t __works_pending;
static void __work_run(void *p)
{
	struct __deferral *d = p;
	struct work_struct *w = d->what;

	__deferral_flush(d->before); /* one work does not run twice at a time */
	if (__deferral_begin(d)) {
		(void)atomic_xchg_release(&w->pending, 0);
		smp_mb();
		w->func(w);
		__deferral_end(d);
	}
	if (__cc_uses("flush_workqueue"))
		(void)atomic_dec_return_release(&__works_pending);
}
static inline bool __work_claim(struct work_struct *w)
{
	smp_mb();
	if (atomic_read(&w->pending)) {
		smp_mb();
		return false;
	}
	return atomic_cmpxchg(&w->pending, 0, 1) == 0;
}
#define __queue_work(run, w) ({ \
	struct work_struct *__queued = (w); \
	bool __claimed = __work_claim(__queued); \
	if (__claimed && __cc_uses("flush_workqueue")) \
		atomic_inc(&__works_pending); \
	if (__claimed) \
		__defer(run, __queued, &__queued->last); \
	__claimed; })
#define queue_work(wq, w) __queue_work(__work_run, w)
#define queue_work_on(cpu, wq, w) queue_work(wq, w)
#define schedule_work(w) queue_work(system_wq, w)
#define schedule_work_on(cpu, w) queue_work(system_wq, w)
#define queue_delayed_work(wq, w, delay) queue_work(wq, &(w)->work)
#define schedule_delayed_work(w, delay) queue_work(system_wq, &(w)->work)

static inline bool flush_work(struct work_struct *w)
{
	struct __deferral *last;

	while (atomic_read_acquire(&w->pending))
		;
	last = READ_ONCE(w->last);
	__deferral_flush(last);
	return last != NULL;
}
#define flush_delayed_work(w) flush_work(&(w)->work)
/* Work that is pending will do nothing. What runs is waited for. */
static inline bool cancel_work(struct work_struct *w)
{
	bool was = __deferral_cancel(READ_ONCE(w->last));

	if (was)
		atomic_set(&w->pending, 0);
	return was;
}
static inline bool cancel_work_sync(struct work_struct *w)
{
	struct __deferral *last;
	bool was;

	do {
		last = READ_ONCE(w->last);
		was = cancel_work(w);
		__deferral_wait(last);
	} while (!was && (READ_ONCE(w->last) != last || atomic_read(&w->pending)));
	return was;
}
#define cancel_delayed_work(w) cancel_work(&(w)->work)
#define cancel_delayed_work_sync(w) cancel_work_sync(&(w)->work)
#define disable_work_sync(w) cancel_work_sync(w)
#define mod_delayed_work(wq, w, delay) (!queue_delayed_work(wq, w, delay))
/* All queues are one. */
#define flush_workqueue(wq) do { \
	__cc_mark("flush_workqueue"); \
	smp_mb(); \
	atomic_cond_read_acquire(&__works_pending, VAL == 0); \
} while (0)
#define drain_workqueue(wq) flush_workqueue(wq)
#define flush_scheduled_work() flush_workqueue(system_wq)
#define destroy_workqueue(wq) flush_workqueue(wq)

/* Work after a grace period. */
struct rcu_work { struct work_struct work; };
#define cancel_rcu_work(w) cancel_work(&(w)->work)
#define INIT_RCU_WORK(w, f) INIT_WORK(&(w)->work, f)
#define to_rcu_work(w) container_of(w, struct rcu_work, work)
static void __rcu_work_run(void *p)
{
	synchronize_rcu();
	__work_run(p);
}
#define queue_rcu_work(wq, w) __queue_work(__rcu_work_run, &(w)->work)
#define flush_rcu_work(w) flush_work(&(w)->work)

#endif
