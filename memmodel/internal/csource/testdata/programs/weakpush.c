// A weak compare-and-exchange in a loop that writes to a node: rounds that fail without a
// reason and put back what was there are left out. The nodes are static: no other thread reaches one before it is pushed.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

struct node { int value; struct node *next; };

static _Atomic(struct node *) top;
static struct node nodes[2] = { { 1 }, { 2 } };

static void *push(void *arg)
{
	struct node *n = arg, *old = atomic_load(&top);

	do
		n->next = old;
	while (!atomic_compare_exchange_weak(&top, &old, n));
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int sum = 0;

	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, push, &nodes[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	for (struct node *n = top; n; n = n->next)
		sum += n->value;
	assert(sum == 3);
	return 0;
}
