/* models: lkmm armv8 sc; twins: 1 */
#include <linux/interrupt.h>
#include <linux/wait.h>
#include <crosscall.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_SPINLOCK(lock);
int ready, taken;

static void complete_it(struct tasklet_struct *t)
{
	spin_lock(&lock);
	ready = 1;
	spin_unlock(&lock);
#if BROKEN != 1
	wake_up(&queue);
#endif
}
static DECLARE_TASKLET(tasklet, complete_it);

void P0(void)
{
	spin_lock_irq(&lock);
	wait_event_lock_irq(queue, ready, lock);
	taken = ready;
	spin_unlock_irq(&lock);
	assert(taken);
}
void P1(void) { tasklet_schedule(&tasklet); }
