/* include/linux/rcuwait.h: one task that sleeps. */
#include <linux/rcuwait.h>
#include "rcuwait.h"
#include <crosscall.h>

/* Who sleeps until something has happened is woken when it has. */
static struct rcuwait waiter = __RCUWAIT_INITIALIZER(waiter);
static int ready;

void P0(void) { rcuwait_wait_event(&waiter, READ_ONCE(ready), TASK_UNINTERRUPTIBLE); }
void P1(void)
{
	WRITE_ONCE(ready, 1);
	rcuwait_wake_up(&waiter);
}
