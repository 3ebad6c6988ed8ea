/* models: lkmm armv8; twins: 1 */
#include <linux/irq_work.h>
int data, seen;
static void work(struct irq_work *w) { WRITE_ONCE(seen, READ_ONCE(data)); }
DEFINE_IRQ_WORK(w, work);
void P0(void)
{
	WRITE_ONCE(data, 1);
#if BROKEN == 1
	if (!irq_work_is_pending(&w))
		irq_work_queue(&w);
#else
	irq_work_queue(&w);
#endif
	irq_work_sync(&w);
	BUG_ON(READ_ONCE(seen) != 1);
}
#if BROKEN == 1
void P1(void) { BUG_ON(READ_ONCE(seen)); }
#endif
