// Arrays of ten thousand elements.
#include <pthread.h>

#define MOST 10000
static int data[MOST];
static pthread_t threads[MOST];

static void *work(void *arg)
{
	data[5]++;
	return NULL;
}

int main(void)
{
	pthread_create(&threads[0], NULL, work, NULL);
	pthread_create(&threads[1], NULL, work, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
