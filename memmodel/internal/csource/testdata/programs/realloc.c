#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

/* What was set before realloc is there afterwards, and the old memory is freed. */
struct item { int value; };
static struct item *list;

static void *grow(void *unused)
{
	struct item *more = malloc(8); /* without a sizeof */

	more[0].value = 1;
	more = realloc(more, 3 * sizeof(*more));
	more[2].value = 3;
	list = more;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, grow, NULL);
	pthread_join(t, NULL);
	assert(list[0].value == 1 && list[2].value == 3);
	list = realloc(list, sizeof(*list));
	assert(list->value == 1);
	free(list);
	return 0;
}
