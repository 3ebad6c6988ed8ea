/* kernel/locking/qrwlock.c and include/asm-generic/qrwlock.h: readers and writers in turn. */
#include <linux/spinlock.h>
#include <asm-generic/qrwlock.h>
#include "kernel/locking/qrwlock.c"
#include <crosscall.h>

/* A writer is alone, and readers see what it has written, all or none. */
static struct qrwlock lock = __ARCH_RW_LOCK_UNLOCKED;
static int a, b;

void P0(void)
{
	queued_write_lock(&lock);
	a = 1;
	b = 1;
	queued_write_unlock(&lock);
}

void P1(void)
{
	queued_read_lock(&lock);
	assert(a == b);
	queued_read_unlock(&lock);
}
