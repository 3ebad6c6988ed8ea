#ifndef __SHIM_LINUX_MUTEX_H
#define __SHIM_LINUX_MUTEX_H

#include <linux/spinlock.h>

struct mutex { int __crosscall_lock; };
#define DEFINE_MUTEX(name) struct mutex name
#define mutex_init(l) spin_lock_init(l)
#define mutex_lock(l) spin_lock(l)
#define mutex_unlock(l) spin_unlock(l)
#define mutex_trylock(l) spin_trylock(l)

#endif
