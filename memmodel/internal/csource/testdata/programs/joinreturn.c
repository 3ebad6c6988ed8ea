/* Main returns, and with it the process ends: what a thread does after joining it does not come. */
#include <assert.h>
#include <pthread.h>

static int x;
static pthread_t first;

static void *work(void *arg)
{
	pthread_join(first, NULL);
	assert(0);
	return NULL;
}

int main(void)
{
	pthread_t t;

	first = pthread_self();
	pthread_create(&t, NULL, work, NULL);
	x = 1;
	return 0;
}
