#include <pthread.h>
#include <stdlib.h>

static void *grow(void *unused)
{
	int *p = malloc(2 * sizeof(int)), *q;

	p[0] = 1;
	q = realloc(p, 4 * sizeof(int));
	q[0] = p[0]; /* p is freed */
	free(q);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, grow, NULL);
	pthread_join(t, NULL);
	return 0;
}
