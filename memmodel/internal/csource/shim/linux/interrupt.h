#ifndef __SHIM_LINUX_INTERRUPT_H
#define __SHIM_LINUX_INTERRUPT_H

/* Tasklets: Linux's kernel/softirq.c. One that is scheduled already is not scheduled again,
 * and it does not run twice at a time. */
#include <linux/deferral.h>
#include <linux/irqflags.h>
#include <linux/hardirq.h>
#include <linux/spinlock.h>

typedef int irqreturn_t;
#define IRQ_NONE 0
#define IRQ_HANDLED 1
#define IRQ_WAKE_THREAD 2
#define IRQ_RETVAL(x) ((x) != 0)
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev);

enum {
	HI_SOFTIRQ, TIMER_SOFTIRQ, NET_TX_SOFTIRQ, NET_RX_SOFTIRQ, BLOCK_SOFTIRQ, IRQ_POLL_SOFTIRQ,
	TASKLET_SOFTIRQ, SCHED_SOFTIRQ, HRTIMER_SOFTIRQ, RCU_SOFTIRQ, NR_SOFTIRQS,
};

struct tasklet_struct {
	atomic_t pending;
	struct __deferral *last;
	void (*callback)(struct tasklet_struct *t);
	void (*func)(unsigned long data);
	unsigned long data;
};
#define DECLARE_TASKLET(name, f) struct tasklet_struct name = { .callback = (f) }
#define DECLARE_TASKLET_OLD(name, f) struct tasklet_struct name = { .func = (f) }
#define __tasklet_setup(t, c, f, d) do { \
	struct tasklet_struct *__setup = (t); \
	atomic_set(&__setup->pending, 0); \
	__setup->last = NULL; \
	__setup->callback = (c); \
	__setup->func = (f); \
	__setup->data = (d); \
} while (0)
#define tasklet_setup(t, f) __tasklet_setup(t, f, NULL, 0)
#define tasklet_init(t, f, d) __tasklet_setup(t, NULL, f, d)
#define from_tasklet(var, t, member) container_of(t, __typeof__(*var), member)

static void __tasklet_run(void *p)
{
	struct __deferral *d = p;
	struct tasklet_struct *t = d->what;

	__deferral_flush(d->before);
	if (__deferral_begin(d)) {
		(void)atomic_xchg(&t->pending, 0);
		if (t->callback)
			t->callback(t);
		else
			t->func(t->data);
		__deferral_end(d);
	}
}
#define tasklet_schedule(t) do { \
	struct tasklet_struct *__tasklet = (t); \
	if (atomic_xchg(&__tasklet->pending, 1) == 0) \
		__defer(__tasklet_run, __tasklet, &__tasklet->last); \
} while (0)
#define tasklet_hi_schedule(t) tasklet_schedule(t)
#define tasklet_unlock_wait(t) __deferral_wait(READ_ONCE((t)->last))
#define tasklet_kill(t) __deferral_flush(READ_ONCE((t)->last))
#define synchronize_irq(irq) __cc_unsupported("synchronize_irq is not supported: make the handler a thread, and wait for a flag that it sets")
#define synchronize_hardirq(irq) synchronize_irq(irq)
#define disable_irq(irq) synchronize_irq(irq)
#define disable_irq_nosync(irq) ((void)(irq))
#define enable_irq(irq) ((void)(irq))
#define free_irq(irq, dev) synchronize_irq(irq)
#define request_irq(irq, handler, flags, name, dev) (__cc_unsupported("request_irq is not supported: make the handler a thread"), 0)

#endif
