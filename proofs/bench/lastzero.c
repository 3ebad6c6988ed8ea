// Cell 0 of an array stays zero. N writers each set one cell to one more than
// what they see in the cell below it, while a searcher walks down from the top
// to the first zero. It finds one, at cell 0 at the latest.
// Executions: (N+3) * 2^(N-2).
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 4
#endif

atomic_int cell[N + 1];
int number[N + 1];

void *searcher(void *unused)
{
	int at = N;

	while (atomic_load_explicit(&cell[at], memory_order_acquire) != 0)
		at--;
	assert(0 <= at && at <= N);
	return NULL;
}

void *writer(void *arg)
{
	int at = *(int *)arg;
	int below = atomic_load_explicit(&cell[at - 1], memory_order_acquire);

	assert(below < at);
	atomic_store_explicit(&cell[at], below + 1, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t s, w[N + 1];

	pthread_create(&s, NULL, searcher, NULL);
	for (int i = 1; i <= N; i++) {
		number[i] = i;
		pthread_create(&w[i], NULL, writer, &number[i]);
	}
	pthread_join(s, NULL);
	for (int i = 1; i <= N; i++)
		pthread_join(w[i], NULL);
	return 0;
}
