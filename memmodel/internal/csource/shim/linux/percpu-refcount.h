#ifndef __SHIM_LINUX_PERCPU_REFCOUNT_H
#define __SHIM_LINUX_PERCPU_REFCOUNT_H

/* A percpu_ref in its atomic mode: one count, and a flag that says that it is to end. */
#include <linux/atomic.h>
#include <linux/kernel.h>

struct percpu_ref;
typedef void (percpu_ref_func_t)(struct percpu_ref *);
struct percpu_ref {
	atomic_long_t count;
	int dead;
	void (*release)(struct percpu_ref *);
};
#define PERCPU_REF_INIT_ATOMIC 1
#define percpu_ref_init(r, f, flags, gfp) ({ \
	struct percpu_ref *__init_ref = (r); \
	__init_ref->release = (f); \
	WRITE_ONCE(__init_ref->dead, 0); \
	atomic_long_set(&__init_ref->count, 1); \
	0; })
#define percpu_ref_exit(r) ((void)(r))
#define percpu_ref_get_many(r, n) atomic_long_add((n), &(r)->count)
#define percpu_ref_get(r) percpu_ref_get_many(r, 1)
#define percpu_ref_tryget(r) atomic_long_inc_not_zero(&(r)->count)
#define percpu_ref_tryget_live(r) ({ struct percpu_ref *__live = (r); !READ_ONCE(__live->dead) && percpu_ref_tryget(__live); })
#define percpu_ref_put_many(r, n) do { \
	struct percpu_ref *__put = (r); \
	if (atomic_long_sub_and_test((n), &__put->count)) \
		__put->release(__put); \
} while (0)
#define percpu_ref_put(r) percpu_ref_put_many(r, 1)
#define percpu_ref_is_dying(r) READ_ONCE((r)->dead)
#define percpu_ref_is_zero(r) (atomic_long_read(&(r)->count) == 0)
#define percpu_ref_kill(r) do { struct percpu_ref *__killed = (r); WRITE_ONCE(__killed->dead, 1); percpu_ref_put(__killed); } while (0)
static inline void percpu_ref_kill_and_confirm(struct percpu_ref *r, void (*confirm)(struct percpu_ref *))
{
	percpu_ref_kill(r);
	if (confirm)
		confirm(r);
}

#endif
