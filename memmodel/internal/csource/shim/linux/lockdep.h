#ifndef __SHIM_LINUX_LOCKDEP_H
#define __SHIM_LINUX_LOCKDEP_H

/* Lockdep finds deadlocks that a run did not come to; the explorer comes to them all. */
#include <linux/compiler.h>

struct lock_class_key { int __none; };
struct lockdep_map { int __none; };
#define lockdep_assert(c) ((void)0)
#define lockdep_assert_held(l) ((void)(l))
#define lockdep_assert_not_held(l) ((void)(l))
#define lockdep_assert_held_write(l) ((void)(l))
#define lockdep_assert_held_read(l) ((void)(l))
#define lockdep_assert_held_once(l) ((void)(l))
#define lockdep_assert_none_held_once() ((void)0)
#define lockdep_assert_irqs_enabled() ((void)0)
#define lockdep_assert_irqs_disabled() ((void)0)
#define lockdep_assert_in_irq() ((void)0)
#define lockdep_assert_preemption_disabled() ((void)0)
#define lockdep_assert_preemption_enabled() ((void)0)
#define lockdep_is_held(l) 1
#define lockdep_is_held_type(l, t) 1
#define lockdep_set_class(l, k) ((void)0)
#define lockdep_set_novalidate_class(l) ((void)0)
#define lockdep_init_map(m, n, k, s) ((void)0)
#define lockdep_off() ((void)0)
#define lockdep_on() ((void)0)
#define lock_map_acquire(m) ((void)0)
#define lock_map_release(m) ((void)0)
#define lock_acquire(...) ((void)0)
#define lock_release(...) ((void)0)
#define lock_contended(...) ((void)0)
#define lock_acquired(...) ((void)0)
#define SINGLE_DEPTH_NESTING 1
#define lockdep_irq_work_enter(flags) ((void)0)
#define lockdep_irq_work_exit(flags) ((void)0)
#define lockdep_init_map_waits(...) ((void)0)
#define lockdep_register_key(k) ((void)(k))
#define lockdep_unregister_key(k) ((void)(k))
#define lockdep_set_class_and_name(l, k, n) ((void)0)
#define lock_acquire_shared_recursive(...) ((void)0)
#define seqcount_acquire(...) ((void)0)
#define seqcount_acquire_read(...) ((void)0)
#define seqcount_release(...) ((void)0)
#define rwsem_acquire(...) ((void)0)
#define rwsem_acquire_read(...) ((void)0)
#define rwsem_release(...) ((void)0)

#define _RET_IP_ 0UL
#define mutex_acquire(...) ((void)0)
#define mutex_acquire_nest(...) ((void)0)
#define mutex_release(...) ((void)0)
#define spin_acquire(...) ((void)0)
#define spin_release(...) ((void)0)
#define rwlock_acquire(...) ((void)0)
#define rwlock_acquire_read(...) ((void)0)
#define rwlock_release(...) ((void)0)
#define rwsem_acquire_nest(...) ((void)0)
#define LOCK_CONTENDED(l, try, lock) lock(l)
#define LOCK_CONTENDED_RETURN(l, try, lock) lock(l)

#endif
