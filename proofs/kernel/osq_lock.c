/* kernel/locking/osq_lock.c: a queue of those who spin, which one may leave again. */
#include "kernel/locking/osq_lock.c"
#include <crosscall.h>

/* One at a time is between lock and unlock. With ORDERED defined, one also sees what the
 * one before has written; that is not so: who waits does it with a relaxed load. Mutexes and
 * semaphores take a lock of their own then. */
static struct optimistic_spin_queue lock = OSQ_LOCK_UNLOCKED;
static atomic_t inside;
static int count;

static void enter(void)
{
	if (!osq_lock(&lock))
		return;
	assert(!atomic_xchg_relaxed(&inside, 1));
#ifdef ORDERED
	count++;
#endif
	atomic_set(&inside, 0);
	osq_unlock(&lock);
}

void P0(void) { enter(); }
void P1(void) { enter(); }
#ifdef ORDERED
void final(void) { assert(count == 2); }
#endif
