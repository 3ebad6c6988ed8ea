#ifndef __SHIM_LINUX_TIMER_H
#define __SHIM_LINUX_TIMER_H

/* A timer runs its function some time after it is set, on this CPU. Its time is not
 * modelled: it may be over at once. A timer is set and deleted under its lock, as under
 * the lock of the wheel in Linux's kernel/time/timer.c. */
#include <linux/deferral.h>
#include <linux/jiffies.h>
#include <linux/spinlock.h>

struct timer_list {
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	spinlock_t __lock;
	struct __deferral *__last;
};
#define TIMER_DEFERRABLE 0
#define TIMER_IRQSAFE 0
#define TIMER_PINNED 0
#define __TIMER_INITIALIZER(f, flags) { .function = (f) }
#define DEFINE_TIMER(name, f) struct timer_list name = __TIMER_INITIALIZER(f, 0)
#define timer_setup(t, f, flags) do { struct timer_list *__setup = (t); __setup->__last = NULL; __setup->function = (f); } while (0)
#define timer_setup_on_stack(t, f, flags) timer_setup(t, f, flags)
#define destroy_timer_on_stack(t) ((void)(t))
#define from_timer(var, timer, member) container_of(timer, __typeof__(*var), member)
#define timer_container_of(var, timer, member) container_of(timer, __typeof__(*var), member)
#define timer_pending(t) __deferral_pending(READ_ONCE((t)->__last))

static void __timer_run(void *p)
{
	struct __deferral *d = p;
	struct timer_list *t = d->what;

	if (!__deferral_begin(d))
		return;
	t->function(t);
	__deferral_end(d);
}
#define mod_timer(t, when) ({ \
	struct timer_list *__mod_timer = (t); \
	int __was_pending; \
	spin_lock(&__mod_timer->__lock); \
	__mod_timer->expires = (when); \
	__was_pending = __deferral_still(__mod_timer->__last); \
	if (!__was_pending && __mod_timer->function) \
		__defer(__timer_run, __mod_timer, &__mod_timer->__last); \
	spin_unlock(&__mod_timer->__lock); \
	__was_pending; })
#define mod_timer_pending(t, when) ({ struct timer_list *__if_pending = (t); timer_pending(__if_pending) ? mod_timer(__if_pending, when) : 0; })
#define timer_reduce(t, when) mod_timer(t, when)
#define add_timer(t) ({ struct timer_list *__added = (t); (void)mod_timer(__added, __added->expires); })
#define add_timer_on(t, cpu) add_timer(t)

static inline int timer_delete(struct timer_list *t)
{
	int was;

	spin_lock(&t->__lock);
	was = __deferral_cancel(t->__last);
	spin_unlock(&t->__lock);
	return was;
}
/* Waits until its function does not run, and deletes it if that has set it again. */
static inline int timer_delete_sync(struct timer_list *t)
{
	struct __deferral *last;
	int was;

	for (;;) {
		spin_lock(&t->__lock);
		last = t->__last;
		was = __deferral_cancel(last);
		spin_unlock(&t->__lock);
		if (was || !last || smp_load_acquire(&last->state) != __RUNNING)
			return was;
		__deferral_wait(last);
	}
}
#define timer_shutdown_sync(t) ({ struct timer_list *__shut = (t); int __shut_was = timer_delete_sync(__shut); __shut->function = NULL; __shut_was; })
#define timer_shutdown(t) timer_delete(t)
#define del_timer(t) timer_delete(t)
#define del_timer_sync(t) timer_delete_sync(t)
#define del_singleshot_timer_sync(t) timer_delete_sync(t)
#define try_to_del_timer_sync(t) timer_delete_sync(t)

#endif
