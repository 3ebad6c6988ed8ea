#ifndef __SHIM_LINUX_RWSEM_H
#define __SHIM_LINUX_RWSEM_H

/* The order and the exclusion of a rw_semaphore. A task that waits looks again and
 * again; it does not sleep. */
#include <linux/rwlock.h>

struct rw_semaphore { atomic_t cnts; };
#define __RWSEM_INITIALIZER(name) { ATOMIC_INIT(0) }
#define DECLARE_RWSEM(name) struct rw_semaphore name
#define init_rwsem(s) atomic_set(&(s)->cnts, 0)
#define down_read(s) __rw_read(&(s)->cnts)
#define down_write(s) __rw_write(&(s)->cnts)
#define down_read_trylock(s) __rw_try_read(&(s)->cnts)
#define down_write_trylock(s) __rw_try_write(&(s)->cnts)
#define up_read(s) __rw_unlock_read(&(s)->cnts)
#define up_write(s) __rw_unlock_write(&(s)->cnts)
#define down_read_nested(s, c) down_read(s)
#define down_write_nested(s, c) down_write(s)
#define down_read_interruptible(s) ({ down_read(s); 0; })
#define down_read_killable(s) ({ down_read(s); 0; })
#define down_write_killable(s) ({ down_write(s); 0; })
#define down_read_non_owner(s) down_read(s)
#define up_read_non_owner(s) up_read(s)
#define rwsem_is_locked(s) (atomic_read(&(s)->cnts) != 0)
#define rwsem_is_contended(s) ((void)(s), 0)
static inline void downgrade_write(struct rw_semaphore *s)
{
	BUG_ON(atomic_read(&s->cnts) != __RW_WRITER);
	atomic_set_release(&s->cnts, 1);
}

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD_COND(rwsem_read, _try, down_read_trylock(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))
DEFINE_GUARD_COND(rwsem_write, _try, down_write_trylock(_T))

#endif
