/* kernel/locking/percpu-rwsem.c: readers that count on their own CPU. */
#define NR_CPUS 2
#include <linux/rcupdate.h>
#include <linux/preempt.h>
/* synchronize_rcu waits for who has preemption off, too. */
#undef preempt_disable
#undef preempt_enable
#define preempt_disable() rcu_read_lock()
#define preempt_enable() rcu_read_unlock()
/* A callback that queues itself again is more than can be unfolded. With one writer that
 * does not leave there is none. */
#undef call_rcu_hurry
#define call_rcu_hurry(head, f) BUG()
#undef call_rcu
#define call_rcu(head, f) BUG()
/* The writer sums up what readers count with plain loads, which LKMM promises nothing of;
 * with MARKED defined, they are READ_ONCE. */
#ifdef MARKED
#include <linux/percpu.h>
#undef per_cpu
#define per_cpu(name, cpu) READ_ONCE(*per_cpu_ptr(&(name), (cpu)))
#endif
#include "kernel/rcu/sync.c"
#include "kernel/locking/percpu-rwsem.c"
#include "kernel/sched/wait.c"
#include "rcuwait.h"
#include <crosscall.h>

/* As kernel/sched/core.c has it, over our try_to_wake_up. */
int default_wake_function(wait_queue_entry_t *w, unsigned mode, int flags, void *key)
{
	return try_to_wake_up(w->private, mode, flags);
}

/* A writer is alone: a reader that gets in sees nothing of what it writes. */
DEFINE_STATIC_PERCPU_RWSEM(sem);
static int a, b;

void P0(void)
{
	percpu_down_write(&sem);
	a = 1;
	b = 1;
}

void P1(void)
{
	if (!percpu_down_read_trylock(&sem))
		return;
	assert(a == 0 && b == 0);
	percpu_up_read(&sem);
}
