#include <pthread.h>
#include <stdatomic.h>
#include <assert.h>

pthread_barrier_t barrier;
int slot[2];

void *run(void *arg)
{
	long me = (long)arg;

	slot[me] = me + 1;
	pthread_barrier_wait(&barrier);
	assert(slot[1 - me] == 2 - me);
	return NULL;
}

int main(void)
{
	pthread_t t[2];

	pthread_barrier_init(&barrier, NULL, 2);
	for (long i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, run, (void *)i);
}
