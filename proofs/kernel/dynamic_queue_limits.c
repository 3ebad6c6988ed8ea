/* lib/dynamic_queue_limits.c: how much is given to a device at a time. */
#include "lib/dynamic_queue_limits.c"
#include <crosscall.h>

/* No more is completed than was queued, while one CPU queues and another completes. */
static struct dql dql;

void init(void)
{
	dql_init(&dql, 0);
	dql_queued(&dql, 4);
}

void P0(void)
{
	if (dql_avail(&dql) >= 0)
		dql_queued(&dql, 2);
}

void P1(void) { dql_completed(&dql, 4); }

void final(void) { assert(dql.num_completed <= dql.num_queued && dql.num_completed == 4); }
