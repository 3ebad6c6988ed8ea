#ifndef __SHIM_ASM_BARRIER_H
#define __SHIM_ASM_BARRIER_H

#include <linux/compiler.h>

#define smp_mb() ((void)__cc_prim("smp_mb"))
#define smp_rmb() ((void)__cc_prim("smp_rmb"))
#define smp_wmb() ((void)__cc_prim("smp_wmb"))
#define mb() smp_mb()
#define rmb() smp_rmb()
#define wmb() smp_wmb()
#define smp_mb__before_atomic() ((void)__cc_prim("smp_mb__before_atomic"))
#define smp_mb__after_atomic() ((void)__cc_prim("smp_mb__after_atomic"))
#define smp_mb__before_atomic_inc() smp_mb__before_atomic()
#define smp_mb__after_atomic_inc() smp_mb__after_atomic()
#define smp_mb__before_atomic_dec() smp_mb__before_atomic()
#define smp_mb__after_atomic_dec() smp_mb__after_atomic()
#define smp_mb__before_clear_bit() smp_mb__before_atomic()
#define smp_mb__after_clear_bit() smp_mb__after_atomic()
#define smp_mb__after_spinlock() ((void)__cc_prim("smp_mb__after_spinlock"))
#define smp_mb__after_unlock_lock() ((void)__cc_prim("smp_mb__after_unlock_lock"))
#define smp_load_acquire(p) ((__typeof__(*(p)))__cc_prim("smp_load_acquire", (p)))
#define smp_store_release(p, v) ((void)__cc_prim("smp_store_release", (p), (__typeof__(*(p)))(v)))
#define smp_store_mb(x, v) ((void)__cc_prim("smp_store_mb", &(x), (__typeof__(x))(v)))
#define set_mb(x, v) smp_store_mb(x, v)
#define smp_acquire__after_ctrl_dep() smp_rmb()

#define dma_mb() smp_mb()
#define dma_rmb() smp_rmb()
#define dma_wmb() smp_wmb()
#define __smp_mb() smp_mb()
#define __smp_rmb() smp_rmb()
#define __smp_wmb() smp_wmb()
#define virt_mb() smp_mb()
#define virt_rmb() smp_rmb()
#define virt_wmb() smp_wmb()
#define virt_store_mb(x, v) smp_store_mb(x, v)
#define virt_load_acquire(p) smp_load_acquire(p)
#define virt_store_release(p, v) smp_store_release(p, v)
#define virt_mb__before_atomic() smp_mb__before_atomic()
#define virt_mb__after_atomic() smp_mb__after_atomic()

/* Wait until cond, in which VAL is what was read last. */
#define smp_cond_load_relaxed(p, cond) ({ \
	__typeof__(*(p)) VAL; \
	for (;;) { \
		VAL = READ_ONCE(*(p)); \
		if (cond) \
			break; \
	} \
	VAL; })
#define smp_cond_load_acquire(p, cond) ({ \
	__typeof__(*(p)) VAL; \
	for (;;) { \
		VAL = smp_load_acquire(p); \
		if (cond) \
			break; \
	} \
	VAL; })

#endif
