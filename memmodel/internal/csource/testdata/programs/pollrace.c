// The flag is read under the lock, and set without it. The round that reads 0 races too.
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
	flag = 1;
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t s, t;

	pthread_create(&s, NULL, poll, NULL);
	pthread_create(&t, NULL, set, NULL);
	return 0;
}
