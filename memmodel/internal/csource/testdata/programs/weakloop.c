// A loop that tries again gets there: to fail without a reason is waiting.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
atomic_int lock;
int n;
static void *enter(void *arg)
{
	int e;
	do {
		e = 0;
	} while (!atomic_compare_exchange_weak_explicit(&lock, &e, 1, memory_order_acquire, memory_order_relaxed));
	n++;
	atomic_store_explicit(&lock, 0, memory_order_release);
	return 0;
}
int main(void)
{
	pthread_t s, t;
	pthread_create(&s, 0, enter, 0);
	pthread_create(&t, 0, enter, 0);
	pthread_join(s, 0);
	pthread_join(t, 0);
	assert(n == 2);
	return 0;
}
