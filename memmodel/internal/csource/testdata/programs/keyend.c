// The destructor of a key runs where a thread ends, before its join returns.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static int freed;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void end(void *value)
{
	pthread_mutex_lock(&m);
	freed++;
	pthread_mutex_unlock(&m);
	free(value);
}

static void *work(void *arg)
{
	int *buffer = malloc(sizeof *buffer);

	*buffer = 1;
	pthread_setspecific(key, buffer);
	if (arg)
		pthread_exit(NULL);
	return NULL;
}

int main(void)
{
	pthread_t t, u;

	pthread_key_create(&key, end);
	pthread_create(&t, NULL, work, NULL);
	pthread_create(&u, NULL, work, &t);
	pthread_join(t, NULL);
	pthread_join(u, NULL);
	assert(freed == 2);
	pthread_key_delete(key);
	return 0;
}
