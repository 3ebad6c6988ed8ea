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

#endif
