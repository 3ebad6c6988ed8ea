#include <assert.h>
#include <pthread.h>
pthread_mutex_t m;
int n;
static void *twice(void *arg)
{
	pthread_mutex_lock(&m);
	pthread_mutex_lock(&m);
	n++;
	pthread_mutex_unlock(&m);
	n++;
	pthread_mutex_unlock(&m);
	return 0;
}
int main(void)
{
	pthread_t s, t;
	pthread_mutexattr_t a;
	pthread_mutexattr_init(&a);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_NORMAL);
	pthread_mutex_init(&m, &a);
	pthread_create(&s, 0, twice, 0);
	pthread_create(&t, 0, twice, 0);
	pthread_join(s, 0);
	pthread_join(t, 0);
	assert(n == 4);
	return 0;
}
