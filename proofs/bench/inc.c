// N threads each load a counter, and store what they saw plus one. Increments
// get lost, but not all of them, and none is made up.
// Executions: (N!)^2, any order of the stores with any legal choice for the loads.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 3
#endif

atomic_int counter;

void *increment(void *unused)
{
	int seen = atomic_load_explicit(&counter, memory_order_relaxed);
	atomic_store_explicit(&counter, seen + 1, memory_order_relaxed);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, increment, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	int last = atomic_load_explicit(&counter, memory_order_relaxed);
	assert(1 <= last && last <= N);
	return 0;
}
