// exit runs what atexit registers while other threads go on.
#include <pthread.h>
#include <stdlib.h>

static int *state;

static void end(void) { free(state); }

static void *work(void *arg)
{
	*state = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	state = calloc(1, sizeof *state);
	atexit(end);
	pthread_create(&t, NULL, work, NULL);
	exit(0);
}
