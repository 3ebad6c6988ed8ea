// A thread is joined twice.
#include <pthread.h>

static void *work(void *arg) { return NULL; }

int main(void)
{
	pthread_t t[2];

	pthread_create(&t[0], NULL, work, NULL);
	pthread_create(&t[1], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[0], NULL);
	return 0;
}
