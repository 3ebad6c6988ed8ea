// One writer changes a pair N times under a sequence count, which is odd
// meanwhile. A reader takes the pair, and starts again if the count has moved.
// Executions: N+1, the pairs that can be had.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 2
#endif

atomic_int sequence;
atomic_int left;
atomic_int right;

void *writer(void *unused)
{
	for (int i = 0; i < N; i++) {
		atomic_store_explicit(&sequence, 2 * i + 1, memory_order_relaxed);
		atomic_thread_fence(memory_order_release);
		atomic_store_explicit(&left, i + 1, memory_order_relaxed);
		atomic_store_explicit(&right, i + 1, memory_order_relaxed);
		atomic_store_explicit(&sequence, 2 * i + 2, memory_order_release);
	}
	return NULL;
}

void *reader(void *unused)
{
	int before, after, l, r;

	do {
		before = atomic_load_explicit(&sequence, memory_order_acquire);
		l = atomic_load_explicit(&left, memory_order_relaxed);
		r = atomic_load_explicit(&right, memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
		after = atomic_load_explicit(&sequence, memory_order_relaxed);
	} while (before != after || before % 2 != 0);

	assert(l == r);
	assert(l == before / 2);
	return NULL;
}

int main(void)
{
	pthread_t w, r;

	pthread_create(&w, NULL, writer, NULL);
	pthread_create(&r, NULL, reader, NULL);
	pthread_join(w, NULL);
	pthread_join(r, NULL);
	return 0;
}
