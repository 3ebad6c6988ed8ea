// A main that does more is a thread, with hidden cells for start and end.
#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>
atomic_int x;
int arg[2];

static void *leaf(void *p)
{
	atomic_store_explicit(&x, 5, memory_order_release);
	return p;
}

static void *run(void *p)
{
	pthread_t t;

	assert(*(int *)p == 1);
	pthread_create(&t, NULL, leaf, NULL);
	pthread_join(t, NULL);
	return NULL;
}

int main(void)
{
	pthread_t t;

	arg[1] = 1;
	pthread_create(&t, NULL, run, &arg[1]);
	arg[0] = 2;
	pthread_join(t, NULL);
	assert(atomic_load(&x) == 5);
}
