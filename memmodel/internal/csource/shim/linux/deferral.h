#ifndef __SHIM_LINUX_DEFERRAL_H
#define __SHIM_LINUX_DEFERRAL_H

/* Not of the kernel: what timers, work and tasklets are made of. A function that is
 * deferred is pending until a thread of its own begins it or somebody cancels it. Its
 * state is apart from the object, because a thread that was cancelled, or whose function
 * freed the object, does not touch that. */
#include <linux/atomic.h>
#include <linux/kernel.h>

#define __PENDING 0
#define __CANCELLED 1
#define __RUNNING 2
#define __OVER 3
struct __deferral { void *what; struct __deferral *before; int state; };
static struct __deferral __deferrals[16];

/* Makes a thread that calls f with a new deferral of what, and sets *last to that. */
#define __defer(f, p, last) do { \
	struct __deferral *__next = &__deferrals[__cc_next_task() - 16]; \
	__next->what = (void *)(p); \
	__next->before = READ_ONCE(*(last)); \
	WRITE_ONCE(*(last), __next); \
	__cc_defer(f, (void *)__next, __cc_cpu()); \
} while (0)

static inline bool __deferral_begin(struct __deferral *d) { return cmpxchg(&d->state, __PENDING, __RUNNING) == __PENDING; }
static inline void __deferral_end(struct __deferral *d) { smp_store_release(&d->state, __OVER); }
static inline bool __deferral_pending(struct __deferral *d) { return d && READ_ONCE(d->state) == __PENDING; }
/* If it is pending, it will see what the caller has written. */
static inline bool __deferral_still(struct __deferral *d) { return d && cmpxchg(&d->state, __PENDING, __PENDING) == __PENDING; }
static inline bool __deferral_cancel(struct __deferral *d) { return d && cmpxchg(&d->state, __PENDING, __CANCELLED) == __PENDING; }
/* Waits for the end of one that runs. */
static inline void __deferral_wait(struct __deferral *d)
{
	while (d && smp_load_acquire(&d->state) == __RUNNING)
		;
}
/* Waits for the end of one that runs or will. */
static inline void __deferral_flush(struct __deferral *d)
{
	int state;

	do
		state = d ? smp_load_acquire(&d->state) : __OVER;
	while (state == __PENDING || state == __RUNNING);
}

#endif
