/* Main returns with the lock: others wait for it until the process ends. */
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;

static void *take(void *arg)
{
	pthread_mutex_lock(&n);
	pthread_mutex_lock(&m);
	return NULL;
}

int main(void)
{
	pthread_t t, u;

	pthread_mutex_lock(&m);
	pthread_create(&t, NULL, take, NULL);
	pthread_create(&u, NULL, take, NULL);
}
