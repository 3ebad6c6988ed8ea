// Memory of no size has an address, can be freed, and cannot be accessed.
#include <pthread.h>
#include <stdlib.h>

int __VERIFIER_nondet_int(void);

static void *set(void *arg)
{
	*(int *)arg = 1;
	return NULL;
}

int main(void)
{
	int n = __VERIFIER_nondet_int();

	if (n < 0)
		return 0;
	pthread_t *t = malloc(n * sizeof(pthread_t));
	int *d = malloc(n * sizeof *d);

	for (int i = 0; i < n; i++)
		pthread_create(&t[i], NULL, set, &d[i]);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	free(t);
	free(d);
	return 0;
}
