/*
 * Peterson's lock in C11: right with sequentially consistent operations. Weaken one of
 * them, or ask the audit, which tries all.
 */
#include <stdatomic.h>
#include <pthread.h>
#include <assert.h>

atomic_int wants[2], turn;
int inside;

static void section(int me)
{
	atomic_store(&wants[me], 1);
	atomic_store(&turn, 1 - me);
	while (atomic_load(&wants[1 - me]) && atomic_load(&turn) == 1 - me)
		;
	inside++;
	assert(inside == 1);
	inside--;
	atomic_store(&wants[me], 0);
}

static void *other(void *unused)
{
	section(1);
	return 0;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, 0, other, 0);
	section(0);
	pthread_join(t, 0);
	return 0;
}
