// Whether the second thread gets the lock tells whether the first one is looking: its rounds
// are not left out, and the failure is in one of them.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int flag;

static void *poll(void *arg)
{
	int f;

	do {
		pthread_mutex_lock(&lock);
		f = flag;
		pthread_mutex_unlock(&lock);
	} while (!f);
	return NULL;
}

static void *set(void *arg)
{
	int taken = pthread_mutex_trylock(&lock);

	if (taken)
		pthread_mutex_lock(&lock);
	flag = 1;
	pthread_mutex_unlock(&lock);
	assert(!taken);
	return NULL;
}

int main(void)
{
	pthread_t s, t;

	pthread_create(&s, NULL, poll, NULL);
	pthread_create(&t, NULL, set, NULL);
	return 0;
}
