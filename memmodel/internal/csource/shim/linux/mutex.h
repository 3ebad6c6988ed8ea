#ifndef __SHIM_LINUX_MUTEX_H
#define __SHIM_LINUX_MUTEX_H

#include <linux/spinlock.h>

struct mutex { int __crosscall_lock; };
#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(l) spin_lock_init(l)
#define mutex_lock(l) spin_lock(l)
#define mutex_unlock(l) spin_unlock(l)
#define mutex_trylock(l) spin_trylock(l)
#define mutex_is_locked(l) spin_is_locked(l)
#define mutex_lock_nested(l, c) mutex_lock(l)
#define mutex_lock_interruptible(l) ({ mutex_lock(l); 0; })
#define mutex_lock_killable(l) ({ mutex_lock(l); 0; })
#define mutex_lock_io(l) mutex_lock(l)
#define mutex_destroy(l) ((void)(l))
#define __MUTEX_INITIALIZER(name) { 0 }

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex, _try, mutex_trylock(_T))
DEFINE_GUARD_COND(mutex, _intr, mutex_lock_interruptible(_T) == 0)
#define mutex_lock_interruptible_nested(l, c) mutex_lock_interruptible(l)
#define mutex_lock_killable_nested(l, c) mutex_lock_killable(l)
#define mutex_lock_nest_lock(l, n) mutex_lock(l)
#define atomic_dec_and_mutex_lock(n, l) ({ \
	atomic_t *__dec_n = (n); \
	struct mutex *__dec_l = (l); \
	int __dec_last = 0; \
	if (!atomic_add_unless(__dec_n, -1, 1)) { \
		mutex_lock(__dec_l); \
		__dec_last = atomic_dec_and_test(__dec_n); \
		if (!__dec_last) \
			mutex_unlock(__dec_l); \
	} \
	__dec_last; })
#define devm_mutex_init(dev, l) ({ mutex_init(l); 0; })
#define mutex_get_owner(l) __cc_unsupported("mutex_get_owner is not supported")

#endif
