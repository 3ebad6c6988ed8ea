// A thread-local variable ends with its thread.
#include <pthread.h>

static _Thread_local int own;
static int *shown;

static void *work(void *arg)
{
	own++;
	shown = &own;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	return *shown - 1;
}
