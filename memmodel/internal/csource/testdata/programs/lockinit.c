// A thread makes objects with locks in each way that there is: initializer, memset,
// assignment of a whole, copy.
#include <pthread.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
struct counter { pthread_mutex_t m; int n; };
static void add(struct counter *c)
{
	pthread_mutex_lock(&c->m);
	c->n++;
	pthread_mutex_unlock(&c->m);
}
void *f(void *a) { add(a); return 0; }
static void both(struct counter *c)
{
	pthread_t t;
	pthread_create(&t, 0, f, c);
	add(c);
	pthread_join(t, 0);
	assert(c->n == 2);
}
void *g(void *a)
{
	struct counter first = { PTHREAD_MUTEX_INITIALIZER }, second = { .n = 0 };
	struct counter *third = malloc(sizeof *third), *fourth = malloc(sizeof *fourth);
	memset(third, 0, sizeof *third);
	third->m = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	*fourth = second;
	both(&first);
	both(&second);
	both(third);
	both(fourth);
	free(third);
	free(fourth);
	return 0;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, g, 0);
	pthread_join(t, 0);
}
