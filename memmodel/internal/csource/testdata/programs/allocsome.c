/* The type is that of the sizeof in the caller, and the size that of the caller's variable. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct item { int id; struct item *next; };

static int n;

static void *must(size_t size)
{
	void *p = malloc(size);

	if (!p)
		abort();
	return p;
}

static void *work(void *arg)
{
	struct item *one = must(sizeof(struct item)), *list = must(n * sizeof(*list));

	one->id = 1;
	for (int i = 0; i < n; i++)
		list[i] = *one;
	memset(list, 0xff, n * sizeof(*list));
	assert(list[n - 1].id == -1);
	free(list);
	free(one);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t t;

	n = atoi(argv[1] ? argv[1] : "1");
	if (n < 1)
		exit(1);
	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
}
