/* kernel/sched/completion.c and swait.c: tasks that wait until something is done. */
#include <linux/completion.h>
#include <linux/limits.h>
#include <linux/sched.h>
#include "kernel/sched/swait.c"
#include "kernel/sched/completion.c"
#include <crosscall.h>

/* Who waits returns once it is done, and sees what was written before. */
static DECLARE_COMPLETION(done);
static int data;

void P0(void)
{
	data = 1;
	complete(&done);
}

void P1(void)
{
	wait_for_completion(&done);
	assert(data == 1);
}
