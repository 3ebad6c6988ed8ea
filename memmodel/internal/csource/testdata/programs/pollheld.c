// A thread that has the lock whenever it looks, and gives it up in between.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done, value;

static void *waiter(void *arg)
{
	pthread_mutex_lock(&lock);
	while (!done) {
		pthread_mutex_unlock(&lock);
		sched_yield();
		pthread_mutex_lock(&lock);
	}
	assert(value == 1);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void *setter(void *arg)
{
	pthread_mutex_lock(&lock);
	value = 1;
	done = 1;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t a, b, c;

	pthread_create(&a, NULL, waiter, NULL);
	pthread_create(&b, NULL, waiter, NULL);
	pthread_create(&c, NULL, setter, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	pthread_join(c, NULL);
	return 0;
}
