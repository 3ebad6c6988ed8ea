/* A thread ends the process: main need not get to the assertion. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static int done;

static void *work(void *arg)
{
	if (!arg)
		exit(1);
	done = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	assert(done);
}
