/* A store has no order acquire. */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, order = memory_order_relaxed;

static void *writer(void *unused)
{
	atomic_store_explicit(&x, 1, order);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, writer, NULL);
	order = memory_order_acquire;
	pthread_join(t, NULL);
}
