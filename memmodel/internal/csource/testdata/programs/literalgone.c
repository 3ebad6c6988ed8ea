// A compound literal lives as long as a local variable of its block.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

struct point { int x, y; };
static _Atomic(struct point *) shown;

static void *shows(void *arg)
{
	struct point *p = &(struct point){ .y = 2, .x = 1 };

	atomic_store(&shown, p);
	return NULL;
}

static void *looks(void *arg)
{
	struct point *p = atomic_load(&shown);

	if (p)
		assert(p->x == 1 && p->y == 2);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, shows, NULL);
	pthread_create(&b, NULL, looks, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
