// A seqlock in C11; the data are atomic, relaxed, and ordered by fences.
#include <stdatomic.h>
#include <pthread.h>
#include <assert.h>

atomic_uint seq;
atomic_int a, b;

void *writer(void *arg)
{
	atomic_store_explicit(&seq, 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	atomic_store_explicit(&a, 1, memory_order_relaxed);
	atomic_store_explicit(&b, 1, memory_order_relaxed);
	atomic_store_explicit(&seq, 2, memory_order_release);
	return NULL;
}

void *reader(void *arg)
{
	unsigned int s;
	int x, y;

	do {
		while ((s = atomic_load_explicit(&seq, memory_order_acquire)) & 1)
			;
		x = atomic_load_explicit(&a, memory_order_relaxed);
		y = atomic_load_explicit(&b, memory_order_relaxed);
#ifndef BROKEN
		atomic_thread_fence(memory_order_acquire);
#endif
	} while (atomic_load_explicit(&seq, memory_order_relaxed) != s);
	assert(x == y);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, writer, NULL);
	pthread_create(&t[1], NULL, reader, NULL);
}
