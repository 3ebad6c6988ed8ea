// Two threads each add the other's number to their own, N times. Both begin
// with 1, so that no number ever gets beyond the Fibonacci number of index
// 2N+2, which is reached when they take turns.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 2
#endif

atomic_int x = 1;
atomic_int y = 1;

void *add_y_to_x(void *unused)
{
	for (int i = 0; i < N; i++) {
		int mine = atomic_load_explicit(&x, memory_order_acquire);
		int other = atomic_load_explicit(&y, memory_order_acquire);
		atomic_store_explicit(&x, mine + other, memory_order_release);
	}
	return NULL;
}

void *add_x_to_y(void *unused)
{
	for (int i = 0; i < N; i++) {
		int mine = atomic_load_explicit(&y, memory_order_acquire);
		int other = atomic_load_explicit(&x, memory_order_acquire);
		atomic_store_explicit(&y, mine + other, memory_order_release);
	}
	return NULL;
}

int fibonacci(int index)
{
	int this = 1, next = 1;

	for (int i = 1; i < index; i++) {
		int sum = this + next;
		this = next;
		next = sum;
	}
	return this;
}

int main(void)
{
	pthread_t a, b;
	int limit = fibonacci(2 * N + 2);

	pthread_create(&a, NULL, add_y_to_x, NULL);
	pthread_create(&b, NULL, add_x_to_y, NULL);

	assert(atomic_load_explicit(&x, memory_order_acquire) <= limit);
	assert(atomic_load_explicit(&y, memory_order_acquire) <= limit);
	return 0;
}
