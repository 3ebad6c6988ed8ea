#ifndef __SHIM_LINUX_RCUPDATE_H
#define __SHIM_LINUX_RCUPDATE_H

#include <linux/kernel.h>
#include <asm/barrier.h>

#define rcu_read_lock() ((void)__cc_prim("rcu_read_lock"))
#define rcu_read_unlock() ((void)__cc_prim("rcu_read_unlock"))
#define synchronize_rcu() ((void)__cc_prim("synchronize_rcu"))
#define synchronize_rcu_expedited() ((void)__cc_prim("synchronize_rcu_expedited"))
#define call_rcu(head, f) __cc_unsupported("call_rcu is not supported: let a thread of its own call synchronize_rcu() and then do it")
#define kfree_rcu(p, ...) __cc_unsupported("kfree_rcu is not supported: let a thread of its own call synchronize_rcu() and then kfree()")
#define kvfree_rcu(p, ...) kfree_rcu(p)
#define rcu_barrier() __cc_unsupported("rcu_barrier is not supported, as call_rcu is not: join the thread that does it, or wait for what it writes")
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

#endif
