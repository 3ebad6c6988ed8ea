#ifndef __SHIM_LINUX_SEMAPHORE_H
#define __SHIM_LINUX_SEMAPHORE_H

/* A count that is taken where it is above 0. */
#include <linux/atomic.h>
#include <linux/kernel.h>

struct semaphore { atomic_t count; };
#define __SEMAPHORE_INITIALIZER(name, n) { ATOMIC_INIT(n) }
#define DEFINE_SEMAPHORE(name, n) struct semaphore name = { ATOMIC_INIT(n) }
#define sema_init(s, n) atomic_set(&(s)->count, (n))

static inline int __down_try(struct semaphore *s)
{
	int c = atomic_read(&s->count);

	return c > 0 && atomic_cmpxchg_acquire(&s->count, c, c - 1) == c;
}
#define down(s) do { } while (!__down_try(s))
#define down_interruptible(s) ({ down(s); 0; })
#define down_killable(s) ({ down(s); 0; })
#define down_timeout(s, t) ({ down(s); 0; })
#define down_trylock(s) (!__down_try(s))
#define up(s) ((void)atomic_inc_return_release(&(s)->count))

#endif
