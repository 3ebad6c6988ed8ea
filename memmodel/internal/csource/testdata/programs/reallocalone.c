// A program whose only memory is from the heap.
#include <pthread.h>
#include <stdlib.h>
#include <assert.h>
void *f(void *a) { *(int *)a = 1; return 0; }
int main(void)
{
	pthread_t t;
	int *p = malloc(sizeof *p);
	p = realloc(p, 2 * sizeof *p);
	pthread_create(&t, 0, f, p);
	pthread_join(t, 0);
	assert(*p == 1);
	free(p);
}
