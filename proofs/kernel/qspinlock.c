/* kernel/locking/qspinlock.c: the lock that a spinlock is: a byte, a bit and a queue in one
 * word. */
#include "asm-generic/qspinlock.h"
#include "kernel/locking/qspinlock.c"
#include <crosscall.h>

/* One at a time is between lock and unlock, and sees what the one before has written. */
static struct qspinlock lock;
static int inside;

static void enter(void)
{
	queued_spin_lock(&lock);
	inside++;
	queued_spin_unlock(&lock);
}

void P0(void) { enter(); }
void P1(void) { enter(); }
#ifdef THREE
void P2(void) { enter(); }
void final(void) { assert(inside == 3 && atomic_read(&lock.val) == 0); }
#else
void final(void) { assert(inside == 2 && atomic_read(&lock.val) == 0); }
#endif
