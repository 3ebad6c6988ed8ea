// N threads pass a lock of Craig, Landin and Hagersten once each: everybody
// waits on the node of the one before them, and frees it.
// Executions: N!, the orders in which they queue up.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifndef N
#define N 3
#endif

struct node {
	atomic_int busy;
};

_Atomic(struct node *) tail;
int visitors; // guarded by the lock

struct node *new_node(int busy)
{
	struct node *node = malloc(sizeof(struct node));

	atomic_init(&node->busy, busy);
	return node;
}

void *visit(void *unused)
{
	struct node *self = new_node(1);
	struct node *before = atomic_exchange_explicit(&tail, self, memory_order_acq_rel);

	while (atomic_load_explicit(&before->busy, memory_order_acquire))
		;
	free(before);
	visitors = visitors + 1;
	atomic_store_explicit(&self->busy, 0, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	atomic_init(&tail, new_node(0));
	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, visit, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	assert(visitors == N);
	free(atomic_load_explicit(&tail, memory_order_relaxed));
	return 0;
}
