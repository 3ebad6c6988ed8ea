/* More elements than are followed. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int n = 40;

static void *work(void *arg)
{
	free(malloc(n * sizeof(long)));
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	n = 2;
	pthread_join(t, NULL);
}
