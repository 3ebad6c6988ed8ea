#include <assert.h>
#include <pthread.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t c = PTHREAD_COND_INITIALIZER;
int full;
static void *fill(void *arg)
{
	pthread_mutex_lock(&m);
	full = 1;
	pthread_cond_broadcast(&c);
	pthread_mutex_unlock(&m);
	return 0;
}
static void *drain(void *arg)
{
	pthread_mutex_lock(&m);
		pthread_cond_wait(&c, &m);
	pthread_mutex_unlock(&m);
	return 0;
}
int main(void)
{
	pthread_t p, q;
	pthread_create(&p, 0, fill, 0);
	pthread_create(&q, 0, drain, 0);
	pthread_join(p, 0);
	pthread_join(q, 0);
	pthread_cond_destroy(&c);
	pthread_mutex_destroy(&m);
	return 0;
}
