/* kernel/task_work.c: work that a task does before it goes back to user space. */
#include "kernel/task_work.c"
#include <crosscall.h>

/* Work that was added runs once, after what was written before; none is added to a task
 * that has looked for the last time. */
static struct callback_head work;
static int data, added, ran, canceled;

static void run(struct callback_head *w)
{
	assert(w == &work && data == 1);
	ran++;
}

void P0(void)
{
	task_work_run();
	current->flags |= PF_EXITING;
	task_work_run();
}

void P1(void)
{
	data = 1;
	init_task_work(&work, run);
	added = !task_work_add(&__tasks[0], &work, TWA_NONE);
#ifdef CANCEL
	canceled = task_work_cancel(&__tasks[0], &work);
#endif
}

void final(void) { assert(ran + canceled == added); }
