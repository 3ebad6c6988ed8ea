/* The index is beyond the array in an execution. */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int n = 2;

static void *set(void *arg)
{
	int k = n;
	int v[k];

	v[2] = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, set, NULL);
	n = 3;
	pthread_join(t, NULL);
}
