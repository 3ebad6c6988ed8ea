/* Who acquires the pointer may write to the elements. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct list { int n; short item[]; };

static _Atomic(struct list *) shared;

static void *user(void *unused)
{
	struct list *l = atomic_load_explicit(&shared, memory_order_acquire);

	if (l)
		l->item[1] = 3;
	return NULL;
}

int main(void)
{
	pthread_t t;
	struct list *l;

	pthread_create(&t, NULL, user, NULL);
	l = malloc(sizeof(*l) + 4 * sizeof(l->item[0]));
	atomic_store_explicit(&shared, l, memory_order_release);
	pthread_join(t, NULL);
	free(l);
}
