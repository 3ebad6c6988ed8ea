// A main that only makes and joins threads is none; what follows is the end.
#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>
atomic_int x;
_Thread_local int mine = 3;
pthread_t t[2];

static void *run(void *arg)
{
	int n = (long)arg;
	int expected = n;

	mine += n;
	if (!atomic_compare_exchange_strong_explicit(&x, &expected, n + 1, memory_order_acq_rel, memory_order_relaxed))
		x += expected;
	return NULL;
}

int main(void)
{
	int joined = 0;

	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, run, (void *)i);
	for (int i = 0; i < 2; i++, joined++)
		pthread_join(t[i], NULL);
	assert(joined == 2 && x <= 2);
}
