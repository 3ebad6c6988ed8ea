/* kernel/irq_work.c: work for an interrupt of this CPU or another. */
#include "lib/llist.c"
#include "kernel/irq_work.c"
#include <crosscall.h>

/* Work that was queued runs after what was written before, once more if it was queued again
 * while it ran; and who waits for it knows that it has ended. */
static int data[2], seen, runs;
static void run(struct irq_work *w)
{
	seen = READ_ONCE(data[0]) + READ_ONCE(data[1]);
	runs++;
}
static DEFINE_IRQ_WORK(work, run);
static LLIST_HEAD(queue);
static int ipi;

void __smp_call_single_queue(int cpu, struct llist_node *node)
{
	if (llist_add(node, &queue))
		WRITE_ONCE(ipi, READ_ONCE(ipi) + 1);
}

static void interrupt(void)
{
	struct llist_node *n = llist_del_all(&queue);
	struct irq_work *w, *next;

	llist_for_each_entry_safe(w, next, n, node.llist)
		irq_work_single(w);
}

void P0(void)
{
	for (int i = 0; i < 2; i++) {
		while (READ_ONCE(ipi) <= i)
			idle();
		interrupt();
	}
}

void P1(void)
{
	bool first, second;

	WRITE_ONCE(data[0], 1);
	first = irq_work_queue_on(&work, 0);
	WRITE_ONCE(data[1], 1);
	second = irq_work_queue_on(&work, 0);
	irq_work_sync(&work);
	assert(first);
	smp_rmb();
	assert(seen == 2 && runs == 1 + second);
}
