// As mainlock.c, but main gives the lock back too early.
#include <pthread.h>
#include <assert.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int ready;
void *f(void *p)
{
	pthread_mutex_lock(&m);
	assert(ready == 1);
	pthread_mutex_unlock(&m);
	return 0;
}
int main(void)
{
	pthread_t t;
	pthread_mutex_lock(&m);
	pthread_create(&t, 0, f, 0);
	pthread_mutex_unlock(&m);
	ready = 1;
	pthread_join(t, 0);
}
