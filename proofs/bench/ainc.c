// N threads each add one to a counter. No increment is lost.
// Executions: N!, the orders of the increments.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 3
#endif

atomic_int counter;

void *increment(void *unused)
{
	int before = atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed);
	assert(before < N);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, increment, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	assert(atomic_load_explicit(&counter, memory_order_relaxed) == N);
	return 0;
}
