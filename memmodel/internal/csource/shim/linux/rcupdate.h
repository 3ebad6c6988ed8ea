#ifndef __SHIM_LINUX_RCUPDATE_H
#define __SHIM_LINUX_RCUPDATE_H

#include <linux/kernel.h>
#include <linux/cleanup.h>
#include <asm/barrier.h>
#include <linux/atomic.h>

#define rcu_read_lock() ((void)__cc_prim("rcu_read_lock"))
#define rcu_read_unlock() ((void)__cc_prim("rcu_read_unlock"))
#define synchronize_rcu() ((void)__cc_prim("synchronize_rcu"))
#define synchronize_rcu_expedited() ((void)__cc_prim("synchronize_rcu_expedited"))
/* A callback is a thread of its own, which waits for a grace period. Where rcu_barrier is
 * used, the callbacks that are queued and have not ended are counted. */
typedef void (*rcu_callback_t)(struct rcu_head *head);
static atomic_t __rcu_pending;
static void __rcu_callback(void *p)
{
	struct rcu_head *head = p;

	synchronize_rcu();
	head->func(head);
	if (__cc_uses("rcu_barrier"))
		(void)atomic_dec_return_release(&__rcu_pending);
}
static void __rcu_free(void *p)
{
	synchronize_rcu();
	__cc_free(p);
}
#define call_rcu(head, f) do { \
	struct rcu_head *__rcu_head = (head); \
	__rcu_head->func = (f); \
	if (__cc_uses("rcu_barrier")) \
		atomic_inc(&__rcu_pending); \
	__cc_defer(__rcu_callback, (void *)__rcu_head, __cc_cpu()); \
} while (0)
#define call_rcu_hurry(head, f) call_rcu(head, f)
#define call_rcu_sched(head, f) call_rcu(head, f)
#define rcu_head_init(h) ((void)((h)->func = (rcu_callback_t)~0UL))
#define kfree_rcu(p, ...) ((void)__cc_defer(__rcu_free, (void *)(p), __cc_cpu()))
#define kvfree_rcu(p, ...) kfree_rcu(p)
#define kfree_rcu_mightsleep(p) do { synchronize_rcu(); __cc_free(p); } while (0)
#define rcu_barrier() do { \
	__cc_mark("rcu_barrier"); \
	smp_mb(); \
	atomic_cond_read_acquire(&__rcu_pending, VAL == 0); \
	smp_mb(); \
} while (0)
#define kvfree_rcu_barrier() synchronize_rcu()
#define synchronize_net() synchronize_rcu()
#define synchronize_sched() synchronize_rcu()
#define synchronize_rcu_bh() synchronize_rcu()

/* A grace period that somebody asks for and looks after: a thread of its own sets a flag
 * at its end. The cookie is the flag's address. */
static void __rcu_poll(void *flag)
{
	synchronize_rcu();
	smp_store_release((int *)flag, 1);
}
#define start_poll_synchronize_rcu() ({ \
	static int __gp_over; \
	smp_mb(); \
	__cc_defer(__rcu_poll, (void *)&__gp_over, __cc_cpu()); \
	(unsigned long)&__gp_over; })
#define get_state_synchronize_rcu() start_poll_synchronize_rcu()
#define poll_state_synchronize_rcu(s) (smp_load_acquire((int *)(s)) ? ({ smp_mb(); true; }) : false)
#define cond_synchronize_rcu(s) do { if (!poll_state_synchronize_rcu(s)) synchronize_rcu(); } while (0)
#define cond_synchronize_rcu_expedited(s) cond_synchronize_rcu(s)
#define start_poll_synchronize_rcu_expedited() start_poll_synchronize_rcu()
#define same_state_synchronize_rcu(a, b) ((a) == (b))

/* Since Linux 4.20 there is one RCU for all of these. */
#define rcu_read_lock_bh() rcu_read_lock()
#define rcu_read_unlock_bh() rcu_read_unlock()
#define rcu_read_lock_sched() rcu_read_lock()
#define rcu_read_unlock_sched() rcu_read_unlock()
#define rcu_read_lock_sched_notrace() rcu_read_lock()
#define rcu_read_unlock_sched_notrace() rcu_read_unlock()
#define rcu_read_lock_trace() rcu_read_lock()
#define rcu_read_unlock_trace() rcu_read_unlock()
#define rcu_read_lock_held() 1
#define rcu_read_lock_bh_held() 1
#define rcu_read_lock_sched_held() 1
#define rcu_read_lock_any_held() 1
#define synchronize_rcu_tasks_trace() synchronize_rcu()
#define call_rcu_tasks_trace(head, f) call_rcu(head, f)
#define synchronize_rcu_tasks() __cc_unsupported("synchronize_rcu_tasks is not supported: the readers of tasks RCU are not marked")
#define call_rcu_tasks(head, f) __cc_unsupported("call_rcu_tasks is not supported: the readers of tasks RCU are not marked")
#define rcu_is_watching() true
#define rcu_sleep_check() ((void)0)
#define rcu_note_context_switch(p) ((void)(p))
#define rcu_cpu_starting(cpu) ((void)(cpu))
#define rcu_expedite_gp() ((void)0)
#define rcu_unexpedite_gp() ((void)0)
#define init_rcu_head_on_stack(h) ((void)(h))
#define destroy_rcu_head_on_stack(h) ((void)(h))
#define RCU_LOCKDEP_WARN(c, s) ((void)0)
#define RCU_INITIALIZER(v) (v)
#define init_rcu_head(h) ((void)(h))
#define destroy_rcu_head(h) ((void)(h))
#define rcu_dereference_bh(p) rcu_dereference(p)
#define rcu_dereference_sched(p) rcu_dereference(p)
#define rcu_dereference_bh_check(p, c) rcu_dereference(p)
#define rcu_dereference_sched_check(p, c) rcu_dereference(p)
#define rcu_dereference_raw_check(p) rcu_dereference(p)
#define rcu_pointer_handoff(p) (p)
#define unrcu_pointer(p) (p)
#define rcu_replace_pointer(p, v, c) ({ \
	__typeof__(p) __replaced = rcu_dereference_protected((p), (c)); \
	rcu_assign_pointer((p), (v)); \
	__replaced; })
#define rcu_dereference(p) ((__typeof__(p))__cc_prim("rcu_dereference", &(p)))
#define rcu_dereference_check(p, c) rcu_dereference(p)
#define rcu_dereference_raw(p) rcu_dereference(p)
#define rcu_dereference_protected(p, c) (p)
#define rcu_access_pointer(p) ((__typeof__(p))__cc_prim("rcu_access_pointer", &(p)))
#define RCU_INIT_POINTER(p, v) ((void)__cc_prim("RCU_INIT_POINTER", &(p), (__typeof__(p))(v)))

/* With RCU_ASSIGN_POINTER_WMB defined, rcu_assign_pointer is what it was before
 * Linux 3.15: smp_wmb and a plain write. */
#ifdef RCU_ASSIGN_POINTER_WMB
#define rcu_assign_pointer(p, v) do { \
	__typeof__(p) __assigned = (v); \
	smp_wmb(); \
	(p) = __assigned; \
} while (0)
#else
#define rcu_assign_pointer(p, v) ((void)__cc_prim("rcu_assign_pointer", &(p), (__typeof__(p))(v)))
#endif

DEFINE_LOCK_GUARD_0(rcu, rcu_read_lock(), rcu_read_unlock())

#endif
