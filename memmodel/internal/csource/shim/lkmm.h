#ifndef __SHIM_LKMM_H
#define __SHIM_LKMM_H

/* The kernel's primitives under the name that GenMC has for them. */
#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/rcupdate.h>
#define __LKMM_FENCE(type) __lkmm_fence_##type()
#define __lkmm_fence_mb() smp_mb()
#define __lkmm_fence_rmb() smp_rmb()
#define __lkmm_fence_wmb() smp_wmb()
#define __lkmm_fence_barrier() barrier()
#define __lkmm_fence_rcu_lock() ((void)__cc_prim("rcu_read_lock"))
#define __lkmm_fence_rcu_unlock() ((void)__cc_prim("rcu_read_unlock"))
#define __lkmm_fence_rcu_sync() ((void)__cc_prim("synchronize_rcu"))
#define xchg_long(p, v) xchg(p, v)
#define xchg_long_relaxed(p, v) xchg_relaxed(p, v)
#define xchg_long_acquire(p, v) xchg_acquire(p, v)
#define xchg_long_release(p, v) xchg_release(p, v)
#define cmpxchg_long(p, o, v) cmpxchg(p, o, v)
#define cmpxchg_long_relaxed(p, o, v) cmpxchg_relaxed(p, o, v)
#define cmpxchg_long_acquire(p, o, v) cmpxchg_acquire(p, o, v)
#define cmpxchg_long_release(p, o, v) cmpxchg_release(p, o, v)

#endif
