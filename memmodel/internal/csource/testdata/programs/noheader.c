// The C library's functions without their headers, as in C of 1989.
#include <pthread.h>

static int *shared;

static void *work(void *arg)
{
	*shared = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	shared = malloc(sizeof *shared);
	memset(shared, 0, sizeof *shared);
	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	free(shared);
	return *shared;
}
