#ifndef __SHIM_LINUX_IRQ_WORK_H
#define __SHIM_LINUX_IRQ_WORK_H

/* Work that this CPU does in an interrupt: Linux's kernel/irq_work.c. Work that is
 * pending already is not queued again. */
#include <linux/atomic.h>
#include <linux/kernel.h>

#define IRQ_WORK_PENDING 1
#define IRQ_WORK_BUSY 2
#define IRQ_WORK_CLAIMED (IRQ_WORK_PENDING | IRQ_WORK_BUSY)
struct irq_work { atomic_t flags; void (*func)(struct irq_work *); };
#define IRQ_WORK_INIT(f) { ATOMIC_INIT(0), (f) }
#define DEFINE_IRQ_WORK(name, f) struct irq_work name = IRQ_WORK_INIT(f)
#define init_irq_work(w, f) do { struct irq_work *__init_work = (w); atomic_set(&__init_work->flags, 0); __init_work->func = (f); } while (0)
#define irq_work_is_pending(w) (atomic_read(&(w)->flags) & IRQ_WORK_PENDING)
#define irq_work_is_busy(w) (atomic_read(&(w)->flags) & IRQ_WORK_BUSY)
/* The flag is cleared before the work is done, with a full barrier: the work sees what
 * was written by a CPU that found the flag set. */
static void __irq_work_run(void *p)
{
	struct irq_work *w = p;
	int flags = atomic_fetch_andnot(IRQ_WORK_PENDING, &w->flags) & ~IRQ_WORK_PENDING;

	w->func(w);
	(void)atomic_cmpxchg(&w->flags, flags, flags & ~IRQ_WORK_BUSY);
}
static inline int __irq_work_claim(struct irq_work *w)
{
	return !(atomic_fetch_or(IRQ_WORK_CLAIMED, &w->flags) & IRQ_WORK_PENDING);
}
#define irq_work_queue_on(w, cpu) ({ \
	struct irq_work *__irq_w = (w); \
	int __irq_got = __irq_work_claim(__irq_w); \
	if (__irq_got) \
		__cc_defer(__irq_work_run, (void *)__irq_w, (cpu)); \
	__irq_got; })
#define irq_work_queue(w) irq_work_queue_on((w), __cc_cpu())
#define irq_work_sync(w) do { } while (atomic_read_acquire(&(w)->flags) & IRQ_WORK_BUSY)

#endif
