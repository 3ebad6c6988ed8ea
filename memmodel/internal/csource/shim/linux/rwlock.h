#ifndef __SHIM_LINUX_RWLOCK_H
#define __SHIM_LINUX_RWLOCK_H

/* A count of readers, or RW_WRITER: as on machines with one word for the lock, whose
 * readers add one and whose writer waits until it is 0. A reader that unlocks, and a
 * writer, must hold the lock. */
#include <linux/atomic.h>
#include <linux/cleanup.h>
#include <linux/kernel.h>

#define __RW_WRITER (-1)
typedef struct { atomic_t cnts; } rwlock_t;
#define __RW_LOCK_UNLOCKED(name) { ATOMIC_INIT(0) }
#define DEFINE_RWLOCK(name) rwlock_t name
#define rwlock_init(l) atomic_set(&(l)->cnts, 0)

static inline int __rw_try_read(atomic_t *cnts)
{
	int c = atomic_read(cnts);

	return c >= 0 && atomic_cmpxchg_acquire(cnts, c, c + 1) == c;
}
static inline int __rw_try_write(atomic_t *cnts)
{
	return atomic_read(cnts) == 0 && atomic_cmpxchg_acquire(cnts, 0, __RW_WRITER) == 0;
}
static inline void __rw_unlock_read(atomic_t *cnts)
{
	int c = atomic_dec_return_release(cnts);

	BUG_ON(c < 0);
}
static inline void __rw_unlock_write(atomic_t *cnts)
{
	BUG_ON(atomic_read(cnts) != __RW_WRITER);
	atomic_set_release(cnts, 0);
}
#define __rw_read(cnts) do { } while (!__rw_try_read(cnts))
#define __rw_write(cnts) do { } while (!__rw_try_write(cnts))

#define read_trylock(l) __rw_try_read(&(l)->cnts)
#define write_trylock(l) __rw_try_write(&(l)->cnts)
#define read_lock(l) __rw_read(&(l)->cnts)
#define write_lock(l) __rw_write(&(l)->cnts)
#define read_unlock(l) __rw_unlock_read(&(l)->cnts)
#define write_unlock(l) __rw_unlock_write(&(l)->cnts)
#define read_lock_irq(l) read_lock(l)
#define read_unlock_irq(l) read_unlock(l)
#define write_lock_irq(l) write_lock(l)
#define write_unlock_irq(l) write_unlock(l)
#define write_lock_nested(l, c) write_lock(l)
#define read_lock_bh(l) read_lock(l)
#define read_unlock_bh(l) read_unlock(l)
#define write_lock_bh(l) write_lock(l)
#define write_unlock_bh(l) write_unlock(l)
#define read_lock_irqsave(l, flags) do { (flags) = 0; read_lock(l); } while (0)
#define read_unlock_irqrestore(l, flags) do { (void)(flags); read_unlock(l); } while (0)
#define write_lock_irqsave(l, flags) do { (flags) = 0; write_lock(l); } while (0)
#define write_unlock_irqrestore(l, flags) do { (void)(flags); write_unlock(l); } while (0)
#define rwlock_is_contended(l) ((void)(l), 0)

DEFINE_GUARD(read_lock, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(write_lock, rwlock_t *, write_lock(_T), write_unlock(_T))
DEFINE_GUARD(read_lock_irqsave, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(read_lock_irq, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(read_lock_bh, rwlock_t *, read_lock(_T), read_unlock(_T))
DEFINE_GUARD(write_lock_irqsave, rwlock_t *, write_lock(_T), write_unlock(_T))
DEFINE_GUARD(write_lock_irq, rwlock_t *, write_lock(_T), write_unlock(_T))
DEFINE_GUARD(write_lock_bh, rwlock_t *, write_lock(_T), write_unlock(_T))

#endif
