// N threads in a ring each set their own flag, then look at that of their
// neighbour. They cannot all find it unset.
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

void *announce(void *arg)
{
	int self = *(int *)arg;

	atomic_store_explicit(&flag[self], 1, memory_order_seq_cst);
	seen[self] = atomic_load_explicit(&flag[(self + 1) % N], memory_order_seq_cst);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];
	int sum = 0;

	for (int i = 0; i < N; i++) {
		number[i] = i;
		pthread_create(&thread[i], NULL, announce, &number[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	for (int i = 0; i < N; i++)
		sum += seen[i];
	assert(sum > 0);
	return 0;
}
