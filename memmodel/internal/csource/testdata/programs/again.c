#include <assert.h>
#include <pthread.h>

/* A main that makes a thread after it has seen what another has returned. */
static int x;
static void *first(void *arg) { x = 1; return (void *)42; }
static void *second(void *arg) { x++; pthread_exit((void *)(x + 39L)); return 0; }

int main(void)
{
	pthread_t t;
	void *result;

	pthread_create(&t, NULL, first, NULL);
	pthread_join(t, &result);
	assert(result == (void *)42);
	pthread_create(&t, NULL, second, NULL);
	pthread_join(t, &result);
	assert(result == (void *)41 && x == 2);
	return 0;
}
