#ifndef __SHIM_LINUX_COMPLETION_H
#define __SHIM_LINUX_COMPLETION_H

/* How often it has been completed and not yet been waited for; __COMPLETE_ALL is
 * forever. */
#include <linux/atomic.h>
#include <linux/kernel.h>

#define __COMPLETE_ALL 0x7fffffff
struct completion { atomic_t done; };
#define COMPLETION_INITIALIZER(name) { ATOMIC_INIT(0) }
#define COMPLETION_INITIALIZER_ONSTACK(name) { ATOMIC_INIT(0) }
#define DECLARE_COMPLETION(name) struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) struct completion name = COMPLETION_INITIALIZER(name)
#define init_completion(c) atomic_set(&(c)->done, 0)
#define reinit_completion(c) atomic_set(&(c)->done, 0)

static inline int __complete_take(struct completion *c)
{
	int n = atomic_read_acquire(&c->done);

	if (n == __COMPLETE_ALL)
		return 1;
	return n > 0 && atomic_cmpxchg_acquire(&c->done, n, n - 1) == n;
}
#define complete(c) ((void)atomic_inc_return_release(&(c)->done))
#define complete_all(c) atomic_set_release(&(c)->done, __COMPLETE_ALL)
#define wait_for_completion(c) do { } while (!__complete_take(c))
#define wait_for_completion_io(c) wait_for_completion(c)
#define wait_for_completion_interruptible(c) ({ wait_for_completion(c); 0; })
#define wait_for_completion_killable(c) ({ wait_for_completion(c); 0; })
#define wait_for_completion_state(c, s) ({ wait_for_completion(c); 0; })
/* The time may be over, whatever else happens. */
#define wait_for_completion_timeout(c, t) (choose(2) ? 0UL : ({ while (!__complete_take(c)) __cc_idle(); 1UL; }))
#define try_wait_for_completion(c) __complete_take(c)
#define completion_done(c) (atomic_read_acquire(&(c)->done) != 0)
#define wait_for_completion_interruptible_timeout(c, t) ((long)wait_for_completion_timeout(c, t))
#define wait_for_completion_killable_timeout(c, t) ((long)wait_for_completion_timeout(c, t))
#define wait_for_completion_io_timeout(c, t) wait_for_completion_timeout(c, t)
#define complete_on_current_cpu(c) complete(c)

#endif
