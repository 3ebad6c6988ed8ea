#ifndef __SHIM_LINUX_HRTIMER_H
#define __SHIM_LINUX_HRTIMER_H

/* As timer.h, with a function that says whether the timer is set again. */
#include <linux/ktime.h>
#include <linux/deferral.h>
#include <linux/spinlock.h>

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode { HRTIMER_MODE_ABS, HRTIMER_MODE_REL, HRTIMER_MODE_ABS_PINNED, HRTIMER_MODE_REL_PINNED, HRTIMER_MODE_SOFT, HRTIMER_MODE_REL_SOFT };
#ifndef CLOCK_MONOTONIC
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_BOOTTIME 7
#endif
struct hrtimer {
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	spinlock_t __lock;
	struct __deferral *__last;
};
#define hrtimer_init(t, clock, mode) ((void)((t)->__last = NULL))
#define hrtimer_setup(t, f, clock, mode) do { struct hrtimer *__setup = (t); __setup->__last = NULL; __setup->function = (f); } while (0)

static void __hrtimer_run(void *p)
{
	struct __deferral *d = p;
	struct hrtimer *t = d->what;

	while (__deferral_begin(d)) {
		if (t->function(t) == HRTIMER_NORESTART) {
			__deferral_end(d);
			break;
		}
		smp_store_release(&d->state, __PENDING);
	}
}
#define hrtimer_start(t, when, mode) do { \
	struct hrtimer *__start_timer = (t); \
	(void)(when); \
	spin_lock(&__start_timer->__lock); \
	if (!__deferral_still(__start_timer->__last)) \
		__defer(__hrtimer_run, __start_timer, &__start_timer->__last); \
	spin_unlock(&__start_timer->__lock); \
} while (0)
#define hrtimer_start_range_ns(t, when, range, mode) hrtimer_start(t, when, mode)
#define hrtimer_forward_now(t, by) ((void)(t), (void)(by), 1UL)
#define hrtimer_forward(t, now, by) hrtimer_forward_now(t, by)
#define hrtimer_is_queued(t) __deferral_pending(READ_ONCE((t)->__last))
#define hrtimer_callback_running(t) ({ struct __deferral *__runs = READ_ONCE((t)->__last); __runs && READ_ONCE(__runs->state) == __RUNNING; })
#define hrtimer_active(t) ({ struct hrtimer *__active = (t); hrtimer_is_queued(__active) || hrtimer_callback_running(__active); })

/* -1 if its function runs. */
static inline int hrtimer_try_to_cancel(struct hrtimer *t)
{
	struct __deferral *last;
	int was;

	spin_lock(&t->__lock);
	last = t->__last;
	was = __deferral_cancel(last);
	spin_unlock(&t->__lock);
	return !was && last && smp_load_acquire(&last->state) == __RUNNING ? -1 : was;
}
static inline int hrtimer_cancel(struct hrtimer *t)
{
	int was;

	while ((was = hrtimer_try_to_cancel(t)) < 0)
		__deferral_wait(READ_ONCE(t->__last));
	return was;
}

#endif
