// Thread i, of N, moves a token from place i to place i+1 if it finds it there.
// Thread 0 always does; how far the token gets depends on who looked when.
// Executions: sum over k of (k+1)^(N-k) - k^(N-k), for k from 0 to N.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 4
#endif

atomic_int token;
int place[N];

void *rotate(void *arg)
{
	int here = *(int *)arg;
	int seen = here;

	if (!atomic_compare_exchange_strong_explicit(&token, &seen, here + 1,
						     memory_order_relaxed, memory_order_relaxed))
		assert(seen != here);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++) {
		place[i] = i;
		pthread_create(&thread[i], NULL, rotate, &place[i]);
	}
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	int last = atomic_load_explicit(&token, memory_order_relaxed);
	assert(1 <= last && last <= N);
	return 0;
}
