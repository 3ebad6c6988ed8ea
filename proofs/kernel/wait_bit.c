/* kernel/sched/wait_bit.c: to wait for a bit. */
#include <linux/hash.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>
#include "kernel/sched/wait.c"
#include "kernel/sched/wait_bit.c"
#include <crosscall.h>

/* A thread that waits is woken, and sees what was written before the bit was cleared. */
static unsigned long word = 1;
static int data;

int default_wake_function(wait_queue_entry_t *entry, unsigned mode, int flags, void *key)
{
	return wake_up_process(entry->private);
}

void init(void) { wait_bit_init(); }
void P0(void)
{
	data = 1;
	clear_bit_unlock(0, &word);
	smp_mb__after_atomic();
	wake_up_bit(&word, 0);
}
void P1(void)
{
	int err = out_of_line_wait_on_bit(&word, 0, bit_wait, TASK_UNINTERRUPTIBLE);

	assert(!err && data == 1);
}
