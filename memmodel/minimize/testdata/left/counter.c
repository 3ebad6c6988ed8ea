/* A count that is lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>

struct stats {
	atomic_int hits;
} s;

/* not atomic */
static void increment(atomic_int *p, int by)
{
	int old = atomic_load(p);

	atomic_store(p, old + by);
}

static void *worker(void *arg)
{
	increment(&s.hits, 1);
}

int main(void)
{
	pthread_t a, b, c;

	pthread_create(&a, 0, worker, 0);
	pthread_create(&b, 0, worker, 0);
	pthread_create(&c, 0, worker, 0);
	pthread_join(a, 0);
	pthread_join(b, 0);
	pthread_join(c, 0);
	assert(s.hits == 3);
}
