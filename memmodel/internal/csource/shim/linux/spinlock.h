#ifndef __SHIM_LINUX_SPINLOCK_H
#define __SHIM_LINUX_SPINLOCK_H

/* Interrupts are not modelled: a thread is not interrupted by itself. */
#include <linux/kernel.h>
#include <asm/barrier.h>

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

#define local_irq_save(flags) ((void)((flags) = 0))
#define local_irq_restore(flags) ((void)(flags))
#define local_irq_disable() ((void)0)
#define local_irq_enable() ((void)0)
#define irqs_disabled() 1
#define preempt_disable() ((void)0)
#define preempt_enable() ((void)0)

#endif
