/* Whose caller chooses the memory orders. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int flag;

static void set(atomic_int *p, int x, memory_order o) { atomic_store_explicit(p, x, o); }
static int get(atomic_int *p, memory_order o) { return atomic_load_explicit(p, o); }

static void *writer(void *arg)
{
	data = 1;
	set(&flag, 1, memory_order_release);
	return 0;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, 0, writer, 0);
	if (get(&flag, memory_order_acquire))
		assert(data == 1);
	pthread_join(t, 0);
	return 0;
}
