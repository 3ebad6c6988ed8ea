/* fs/eventfd.c: a counter that files and tasks signal. */
#define CONFIG_EVENTFD 1
#include "fs/eventfd.c"
#include <crosscall.h>

/* Each signal is read once, and a task that reads it sees what was written before. */
static struct eventfd_ctx ctx;
static int data[2];
static __u64 got;

void init(void)
{
	kref_init(&ctx.kref);
	init_waitqueue_head(&ctx.wqh);
}

void P0(void)
{
	WRITE_ONCE(data[0], 1);
	eventfd_signal(&ctx, 1);
}

void P1(void)
{
	WRITE_ONCE(data[1], 1);
	eventfd_signal(&ctx, 1);
}

void P2(void)
{
	DECLARE_WAITQUEUE(wait, current);
	__u64 n;
	int both;

	if (eventfd_ctx_remove_wait_queue(&ctx, &wait, &n) == 0) {
		both = READ_ONCE(data[0]) + READ_ONCE(data[1]);
		cover(n == 2);
		assert(both >= n);
	}
	got = n;
}

void final(void) { assert(got + ctx.count == 2); }
