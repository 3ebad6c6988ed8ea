/* Where main returns, the process ends: it is no error that others wait. */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int asked;

static void *serve(void *arg)
{
	for (;;) {
		pthread_mutex_lock(&m);
		while (!asked)
			pthread_cond_wait(&c, &m);
		asked = 0;
		pthread_mutex_unlock(&m);
	}
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, serve, NULL);
	pthread_mutex_lock(&m);
	asked = 1;
	pthread_cond_signal(&c);
	pthread_mutex_unlock(&m);
	exit(0);
}
