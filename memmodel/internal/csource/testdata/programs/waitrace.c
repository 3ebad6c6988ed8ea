/* The plain read of d races in a round that only waits. In the last round it is not performed. */
#include <pthread.h>
#include <stdatomic.h>

atomic_int x, y;
int d;

void *waiter(void *arg)
{
	int got;
	while (!atomic_load_explicit(&x, memory_order_acquire)) {
		if (atomic_load_explicit(&y, memory_order_relaxed))
			got = d;
	}
	return 0;
}

void *writer(void *arg)
{
	atomic_store_explicit(&y, 1, memory_order_relaxed);
	d = 1;
	atomic_store_explicit(&y, 0, memory_order_relaxed);
	atomic_store_explicit(&x, 1, memory_order_release);
	return 0;
}

int main(void)
{
	pthread_t a, b;
	pthread_create(&a, 0, waiter, 0);
	pthread_create(&b, 0, writer, 0);
	pthread_join(a, 0);
	pthread_join(b, 0);
	return 0;
}
