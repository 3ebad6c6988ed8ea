// The store releases what malloc has made.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
struct node { int a, b; };
_Atomic(struct node *) top;
static void *push(void *arg)
{
	struct node *n = malloc(sizeof(struct node));
	atomic_store_explicit(&top, n, memory_order_release);
	return 0;
}
static void *look(void *arg)
{
	struct node *n = atomic_load_explicit(&top, memory_order_acquire);
	if (n)
		n->b = 1;
	return 0;
}
int main(void)
{
	pthread_t s, t;
	pthread_create(&s, 0, push, 0);
	pthread_create(&t, 0, look, 0);
	pthread_join(s, 0);
	pthread_join(t, 0);
	free(top);
	return 0;
}
