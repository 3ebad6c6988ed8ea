// A thread-local variable of main, which another thread looks at.
#include <pthread.h>
#include <assert.h>

static _Thread_local int mine;
static int *seen;

static void *run(void *arg)
{
	assert(mine == 0);
	mine = (long)arg;
	assert(mine == (long)arg && *seen == 7);
	return NULL;
}

int main(void)
{
	pthread_t t;

	mine = 7;
	seen = &mine;
	pthread_create(&t, NULL, run, (void *)1);
	pthread_join(t, NULL);
	assert(mine == 7);
}
