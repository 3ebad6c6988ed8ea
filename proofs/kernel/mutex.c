/* kernel/locking/mutex.c: a mutex whose owner is a word with flags. */
#define _LINUX_SCHED_RT_H
#define rt_task(p) 0 /* none is of the real-time class */
#define rt_or_dl_task(p) 0
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/mutex.h>
#include "kernel/locking/mutex.c"
#include <crosscall.h>

/* One task is in at a time, and sees what the one before wrote; the one that waits is woken. */
static DEFINE_MUTEX(mutex);
static int data;

static void use(void)
{
	mutex_lock(&mutex);
	data++;
	mutex_unlock(&mutex);
}

void P0(void) { use(); }
void P1(void) { use(); }
void final(void) { assert(data == 2); }
