// Members and pointers that have the names of the C library's functions.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct ops { void (*free)(void *); void (*exit)(int); };

static int left;
static void leave(int n) { left = n; }
static const struct ops ops = { .free = free, .exit = leave };

static void *work(void *arg)
{
	int *p = malloc(sizeof *p);

	*p = 2;
	ops.exit(*p);
	ops.free(p);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	assert(left == 2);
	return 0;
}
