/* kernel/locking/rwsem.c: a lock for readers and writers that sleep. */
#define _LINUX_SCHED_RT_H
#define rt_task(p) 0 /* none is of the real-time class */
#include <linux/sched.h>
#include <linux/rwsem.h>
#include "kernel/locking/rwsem.c"
#include <crosscall.h>

/* A reader sees all of a writer's section or none. With WRITERS there are two writers. */
static DECLARE_RWSEM(sem);
static int a, b;

static void add(void)
{
	down_write(&sem);
	a++;
	b++;
	up_write(&sem);
}

void P0(void) { add(); }

#ifdef WRITERS
void P1(void) { add(); }
void final(void) { assert(a == 2 && b == 2); }
#else
void P1(void)
{
	down_read(&sem);
	assert(a == b);
	up_read(&sem);
}
#endif
