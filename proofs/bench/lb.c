// N threads in a ring each look at their own flag, then set that of their
// neighbour. Under RC11 they cannot all find it set.
// Executions: 2^N - 1.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 3
#endif

atomic_int flag[N];
int number[N];
int seen[N];

void *pass_on(void *arg)
{
	int self = *(int *)arg;

	seen[self] = atomic_load_explicit(&flag[self], memory_order_relaxed);
	atomic_store_explicit(&flag[(self + 1) % N], 1, memory_order_relaxed);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];
	int sum = 0;

	for (int i = 0; i < N; i++) {
		number[i] = i;
		pthread_create(&thread[i], NULL, pass_on, &number[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	for (int i = 0; i < N; i++)
		sum += seen[i];
	assert(sum < N);
	return 0;
}
