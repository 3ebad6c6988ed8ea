// A thread that joins itself waits forever, though the process ends.
#include <pthread.h>

static void *worker(void *arg)
{
	pthread_join(pthread_self(), NULL);
	return arg;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, worker, NULL);
	return 0;
}
