/* kernel/locking/semaphore.c: a semaphore whose waiters sleep. */
#include "kernel/locking/semaphore.c"
#include <crosscall.h>

/* One task is in at a time, and sees what the one before wrote; the one that waits is woken. */
static struct semaphore sem = __SEMAPHORE_INITIALIZER(sem, 1);
static int data;

static void use(void)
{
	down(&sem);
	data++;
	up(&sem);
}

void P0(void) { use(); }
void P1(void) { use(); }
void final(void) { assert(data == 2); }
