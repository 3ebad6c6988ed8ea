/* A count that is lost. */
#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>

#define ROUNDS 1

struct stats {
	atomic_int hits;
	atomic_int misses;
} s = { 0, 0 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* not atomic */
static void increment(atomic_int *p, int by)
{
	int old = atomic_load(p);

	atomic_store(p, old + by);
}

static void *worker(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		increment(&s.hits, 1);
		pthread_mutex_lock(&lock);
		s.misses++;
		pthread_mutex_unlock(&lock);
	}
	return 0;
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
	assert(s.hits == 3 && s.misses == 3);
	return 0;
}
