// All elements of an array are looked at under a lock. An index that leaves its variable could
// reach the lock, for all that is known before the threads run; it does not.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done[2];

static int all(void)
{
	for (int i = 0; i < 2; i++)
		if (!done[i])
			return 0;
	return 1;
}

static void *checker(void *arg)
{
	for (;;) {
		pthread_mutex_lock(&lock);
		if (all()) {
			pthread_mutex_unlock(&lock);
			break;
		}
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *worker(void *arg)
{
	long i = (long)arg;

	pthread_mutex_lock(&lock);
	done[i] = 1;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t c, w[2];

	pthread_create(&c, NULL, checker, NULL);
	for (long i = 0; i < 2; i++)
		pthread_create(&w[i], NULL, worker, (void *)i);
	return 0;
}
