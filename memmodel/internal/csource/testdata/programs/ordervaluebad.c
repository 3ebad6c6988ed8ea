/* One of the orders that it may be is too weak. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int flag, strong;
static atomic_int data;

static void *writer(void *unused)
{
	memory_order o = memory_order_relaxed;

	if (atomic_load_explicit(&strong, memory_order_relaxed))
		o = memory_order_release;
	atomic_store_explicit(&data, 1, memory_order_relaxed);
	atomic_store_explicit(&flag, 1, o);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, writer, NULL);
	atomic_store_explicit(&strong, 1, memory_order_relaxed);
	if (atomic_load_explicit(&flag, memory_order_acquire))
		assert(atomic_load_explicit(&data, memory_order_relaxed) == 1);
	pthread_join(t, NULL);
}
