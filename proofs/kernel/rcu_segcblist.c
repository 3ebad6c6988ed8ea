/* kernel/rcu/rcu_segcblist.c: lists of callbacks, whose length others read. */
#include "kernel/rcu/rcu_segcblist.c"
#include <crosscall.h>

/* Who finds a callback in the list's length, as rcu_barrier does, sees what was before it. */
static struct rcu_segcblist list;
static struct rcu_head callback;
static int data;

void init(void) { rcu_segcblist_init(&list); }
void P0(void)
{
	WRITE_ONCE(data, 1);
	rcu_segcblist_enqueue(&list, &callback);
}
void P1(void)
{
	if (!rcu_segcblist_n_cbs(&list))
		return;
	smp_rmb();
	assert(READ_ONCE(data) == 1);
}
