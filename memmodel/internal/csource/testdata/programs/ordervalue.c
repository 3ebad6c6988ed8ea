/* A memory order that is a value: each order that it may be is one way. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int flag, strong;
static int data;

static memory_order order(int yes) { return yes ? memory_order_seq_cst : memory_order_release; }

static void *writer(void *unused)
{
	data = 1;
	atomic_store_explicit(&flag, 1, order(atomic_load_explicit(&strong, memory_order_relaxed)));
	return NULL;
}

int main(void)
{
	pthread_t t;
	int one = 1;

	pthread_create(&t, NULL, writer, NULL);
	atomic_store_explicit(&strong, 1, memory_order_relaxed);
	if (atomic_compare_exchange_strong_explicit(&flag, &one, 2, order(0) + 1, memory_order_acquire))
		assert(data == 1);
	else
		assert(one == 0);
	pthread_join(t, NULL);
}
