// The first element of memory that has none.
#include <pthread.h>
#include <stdlib.h>

int count, *all;

static void *first(void *arg)
{
	all[0] = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	all = malloc(count * sizeof *all);
	pthread_create(&t, NULL, first, NULL);
	pthread_join(t, NULL);
	free(all);
	return 0;
}
