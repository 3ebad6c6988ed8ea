// Main takes a lock before it makes the threads, and gives it back beside them.
#include <pthread.h>
#include <assert.h>
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int ready, sum;
void *f(void *p)
{
	pthread_mutex_lock(&m);
	assert(ready == 1);
	sum++;
	pthread_mutex_unlock(&m);
	return 0;
}
int main(void)
{
	pthread_t t[2];
	pthread_mutex_lock(&m);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], 0, f, 0);
	ready = 1;
	pthread_mutex_unlock(&m);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], 0);
	assert(sum == 2);
}
