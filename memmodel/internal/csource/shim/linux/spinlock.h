#ifndef __SHIM_LINUX_SPINLOCK_H
#define __SHIM_LINUX_SPINLOCK_H

/* Interrupts are not modelled: a thread is not interrupted by itself. */
#include <linux/cleanup.h>
#include <linux/kernel.h>
#include <asm/barrier.h>
#include <linux/atomic.h>

typedef struct { int __crosscall_lock; } spinlock_t;
typedef struct { int __crosscall_lock; } raw_spinlock_t;
#define __SPIN_LOCK_UNLOCKED(name) { 0 }
#define __RAW_SPIN_LOCK_UNLOCKED(name) { 0 }
#define DEFINE_SPINLOCK(name) spinlock_t name
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name
/* A lock is free from the start: there is nothing to be written. */
#define spin_lock_init(l) ((void)(l))
#define raw_spin_lock_init(l) spin_lock_init(l)

#define spin_lock(l) ((void)__cc_prim("spin_lock", &(l)->__crosscall_lock))
#define spin_unlock(l) ((void)__cc_prim("spin_unlock", &(l)->__crosscall_lock))
#define spin_trylock(l) ((int)__cc_prim("spin_trylock", &(l)->__crosscall_lock))
#define spin_is_locked(l) ((int)__cc_prim("spin_is_locked", &(l)->__crosscall_lock))
#define spin_lock_irq(l) spin_lock(l)
#define spin_unlock_irq(l) spin_unlock(l)
#define spin_lock_bh(l) spin_lock(l)
#define spin_unlock_bh(l) spin_unlock(l)
#define spin_lock_irqsave(l, flags) do { (flags) = 0; spin_lock(l); } while (0)
#define spin_unlock_irqrestore(l, flags) do { (void)(flags); spin_unlock(l); } while (0)

#define raw_spin_lock(l) ((void)__cc_prim("raw_spin_lock", &(l)->__crosscall_lock))
#define raw_spin_unlock(l) ((void)__cc_prim("raw_spin_unlock", &(l)->__crosscall_lock))
#define raw_spin_trylock(l) ((int)__cc_prim("raw_spin_trylock", &(l)->__crosscall_lock))
#define raw_spin_lock_irq(l) raw_spin_lock(l)
#define raw_spin_unlock_irq(l) raw_spin_unlock(l)
#define raw_spin_lock_irqsave(l, flags) do { (flags) = 0; raw_spin_lock(l); } while (0)
#define raw_spin_unlock_irqrestore(l, flags) do { (void)(flags); raw_spin_unlock(l); } while (0)

#define spin_lock_nested(l, c) spin_lock(l)
#define spin_lock_nest_lock(l, n) spin_lock(l)
#define spin_lock_irqsave_nested(l, flags, c) spin_lock_irqsave(l, flags)
#define spin_trylock_irq(l) spin_trylock(l)
#define spin_trylock_bh(l) spin_trylock(l)
#define spin_trylock_irqsave(l, flags) ({ (flags) = 0; spin_trylock(l); })
/* As it was until Linux 4.13: like taking the lock and giving it back. */
#define spin_unlock_wait(l) do { spin_lock(l); spin_unlock(l); } while (0)
#define spin_is_contended(l) ((void)(l), 0)
#define assert_spin_locked(l) ((void)(l))
#define raw_spin_is_locked(l) ((int)__cc_prim("raw_spin_is_locked", &(l)->__crosscall_lock))
#define raw_spin_lock_nested(l, c) raw_spin_lock(l)
#define raw_spin_lock_bh(l) raw_spin_lock(l)
#define raw_spin_unlock_bh(l) raw_spin_unlock(l)
#define raw_spin_trylock_irq(l) raw_spin_trylock(l)
#define raw_spin_trylock_irqsave(l, flags) ({ (flags) = 0; raw_spin_trylock(l); })
#ifndef __ASM_GENERIC_QSPINLOCK_TYPES_H
typedef raw_spinlock_t arch_spinlock_t;
#define __ARCH_SPIN_LOCK_UNLOCKED { 0 }
#define arch_spin_is_locked(l) raw_spin_is_locked(l)
#define arch_spin_lock(l) raw_spin_lock(l)
#define arch_spin_unlock(l) raw_spin_unlock(l)
#define arch_spin_trylock(l) raw_spin_trylock(l)
#endif

#define local_irq_save(flags) ((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)
#ifndef irqs_disabled
#define irqs_disabled() 1
#endif
#define local_bh_disable() ((void)0)
#define local_bh_enable() ((void)0)
#define in_interrupt() 0
#define in_irq() 0
#define in_hardirq() 0
#define in_task() 1
#define in_nmi() 0
#define in_softirq() 0
#define in_serving_softirq() 0
#define in_atomic() 0
#define irqs_disabled_flags(flags) ((void)(flags), 1)
#define local_save_flags(flags) ((void)((flags) = 0))
#define preempt_count() 0
#define preempt_check_resched() ((void)0)
#define raw_local_irq_save(flags) local_irq_save(flags)
#define raw_local_irq_restore(flags) local_irq_restore(flags)
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)
#define preempt_disable_notrace() ((void)0)
#define preempt_enable_notrace() ((void)0)
#define preempt_enable_no_resched() ((void)0)
#define preemptible() 1
#define migrate_disable() ((void)0)
#define migrate_enable() ((void)0)

DEFINE_GUARD(spinlock, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_GUARD_COND(spinlock, _try, spin_trylock(_T))
DEFINE_GUARD(spinlock_irq, spinlock_t *, spin_lock_irq(_T), spin_unlock_irq(_T))
DEFINE_GUARD(spinlock_bh, spinlock_t *, spin_lock_bh(_T), spin_unlock_bh(_T))
DEFINE_GUARD(spinlock_irqsave, spinlock_t *, spin_lock(_T), spin_unlock(_T))
DEFINE_GUARD(raw_spinlock, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T))
DEFINE_GUARD_COND(raw_spinlock, _try, raw_spin_trylock(_T))
DEFINE_GUARD(raw_spinlock_nested, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T))
DEFINE_GUARD(raw_spinlock_irq, raw_spinlock_t *, raw_spin_lock_irq(_T), raw_spin_unlock_irq(_T))
DEFINE_GUARD(raw_spinlock_irqsave, raw_spinlock_t *, raw_spin_lock(_T), raw_spin_unlock(_T))
DEFINE_LOCK_GUARD_0(preempt, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(preempt_notrace, preempt_disable(), preempt_enable())
DEFINE_LOCK_GUARD_0(migrate, migrate_disable(), migrate_enable())
DEFINE_LOCK_GUARD_0(irq, local_irq_disable(), local_irq_enable())
DEFINE_LOCK_GUARD_0(irqsave, local_irq_disable(), local_irq_enable())

#include <linux/rwlock.h>
/* Linux's lib/dec_and_lock.c: the last reference is dropped under the lock. */
static inline int atomic_dec_and_lock(atomic_t *n, spinlock_t *l)
{
	if (atomic_add_unless(n, -1, 1))
		return 0;
	spin_lock(l);
	if (atomic_dec_and_test(n))
		return 1;
	spin_unlock(l);
	return 0;
}
#define atomic_dec_and_lock_irqsave(n, l, flags) ((flags) = 0, atomic_dec_and_lock((n), (l)))

#endif
