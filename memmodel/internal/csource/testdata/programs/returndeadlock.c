/* Main returns, but a thread takes a lock that another has never given back. */
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *take(void *arg)
{
	pthread_mutex_lock(&m);
	return NULL;
}

int main(void)
{
	pthread_t t, u;

	pthread_create(&t, NULL, take, NULL);
	pthread_create(&u, NULL, take, NULL);
}
