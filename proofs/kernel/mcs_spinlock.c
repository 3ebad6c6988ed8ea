/* kernel/locking/mcs_spinlock.h: a queue of waiters, each on a word of its own. */
#include <linux/atomic.h>
#include "kernel/locking/mcs_spinlock.h"
#include <crosscall.h>

/* One at a time is between lock and unlock, and sees what the one before has written. */
static struct mcs_spinlock *lock;
static int inside;

static void enter(struct mcs_spinlock *node)
{
	mcs_spin_lock(&lock, node);
	inside++;
	mcs_spin_unlock(&lock, node);
}

static struct mcs_spinlock node[3];
void P0(void) { enter(&node[0]); }
void P1(void) { enter(&node[1]); }
void P2(void) { enter(&node[2]); }
void final(void) { assert(inside == 3 && !lock); }
