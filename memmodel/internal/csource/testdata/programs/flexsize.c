/* A struct that ends with an array without a size, of a size that is not constant. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <stddef.h>

struct list { long head; short n; short item[]; };

static struct list *list;
static int size = 2;

static void *maker(void *unused)
{
	struct list *l = malloc(sizeof(*l) + size * sizeof(l->item[0]));

	l->n = size;
	for (int i = 0; i < l->n; i++)
		l->item[i] = i + 1;
	list = l;
	return NULL;
}

int main(void)
{
	pthread_t t;
	struct list *other;
	int n;

	pthread_create(&t, NULL, maker, NULL);
	pthread_join(t, NULL);
	assert(list->n == 2 && list->item[0] == 1 && list->item[1] == 2);
	n = list->n + 1;
	other = malloc(offsetof(struct list, item) + n * sizeof(short));
	other->item[n - 1] = 7;
	assert(other->item[2] == 7);
	free(other);
	free(list);
}
