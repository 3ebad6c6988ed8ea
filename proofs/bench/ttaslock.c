// N threads pass a test-and-test-and-set lock once each: look until it seems
// free, then try to take it.
// Executions: (N!)^2, for each order the free lock that the last look has seen.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 2
#endif

atomic_int taken;
int visitors; // guarded by the lock

void *visit(void *unused)
{
	int zero;

	do {
		while (atomic_load_explicit(&taken, memory_order_relaxed))
			;
		zero = 0;
	} while (!atomic_compare_exchange_strong_explicit(&taken, &zero, 1,
							  memory_order_acquire,
							  memory_order_relaxed));

	visitors = visitors + 1;
	atomic_store_explicit(&taken, 0, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, visit, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	assert(visitors == N);
	return 0;
}
