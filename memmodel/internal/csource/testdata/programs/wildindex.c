// An index leads out of its array, to a variable that another thread seems to have for itself.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int a[2], own;
static atomic_int done, index = 3;

static void *owner(void *arg)
{
	while (!atomic_load_explicit(&done, memory_order_acquire))
		own = 0;
	assert(own == 0);
	return NULL;
}

static void *strays(void *arg)
{
	a[2 * atomic_load_explicit(&index, memory_order_relaxed)] = 5;
	atomic_store_explicit(&done, 1, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t t, u;

	pthread_create(&t, NULL, owner, NULL);
	pthread_create(&u, NULL, strays, NULL);
	pthread_join(t, NULL);
	pthread_join(u, NULL);
	return 0;
}
