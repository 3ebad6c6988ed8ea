#include <assert.h>
#include <pthread.h>
#include <string.h>

static int n;

static void *sum(void *arg)
{
	int v[*(int *)arg], s = 0;

	memset(v, 0, sizeof v);
	assert(sizeof v == n * sizeof(int) && v[n - 1] == 0);
	for (int i = 0; i < n; i++)
		v[i] = i;
	for (int *p = v; p < &v[n]; p++)
		s += *p;
	assert(s == n * (n - 1) / 2);
	return NULL;
}

int main(int argc, char **argv)
{
	n = argc + 1;
	pthread_t t[argc];

	for (int i = 0; i < argc; i++)
		pthread_create(&t[i], NULL, sum, &n);
	for (int i = 0; i < argc; i++)
		pthread_join(t[i], NULL);
}
