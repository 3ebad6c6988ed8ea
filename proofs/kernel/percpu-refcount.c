/* lib/percpu-refcount.c: a reference count in per-CPU parts until it is killed. */
#define NR_CPUS 2
#include <linux/wait.h>
#include "kernel/sched/wait.c"
#include "lib/percpu-refcount.c"
#include <crosscall.h>

/* As kernel/sched/core.c has it, over our try_to_wake_up. */
int default_wake_function(wait_queue_entry_t *w, unsigned mode, int flags, void *key)
{
	return try_to_wake_up(w->private, mode, flags);
}

/* The object is released once, after the last reference is put. */
static struct percpu_ref ref;
static int users, released;

static void release(struct percpu_ref *r)
{
	assert(READ_ONCE(users) == 0);
	WRITE_ONCE(released, released + 1);
}

void init(void) { percpu_ref_init(&ref, release, 0, GFP_KERNEL); }

void P0(void)
{
	if (percpu_ref_tryget_live(&ref)) {
		WRITE_ONCE(users, 1);
		assert(!READ_ONCE(released));
		WRITE_ONCE(users, 0);
		percpu_ref_put(&ref);
	}
}

void P1(void) { percpu_ref_kill(&ref); }
void final(void) { assert(released == 1); }
