// A queue of Michael and Scott: N threads enqueue a node each, while one other
// dequeues once. Nobody may free a node while others can still hold it, so that
// all of them are freed at the end.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifndef N
#define N 2
#endif

struct node {
	int value;
	_Atomic(struct node *) next;
};

_Atomic(struct node *) head; // the node before the first value
_Atomic(struct node *) tail; // the last node, or the one before it
int number[N];
int first;

struct node *new_node(int value)
{
	struct node *node = malloc(sizeof(struct node));

	node->value = value;
	atomic_init(&node->next, NULL);
	return node;
}

void enqueue(int value)
{
	struct node *node = new_node(value);

	for (;;) {
		struct node *last = atomic_load_explicit(&tail, memory_order_acquire);
		struct node *next = NULL;

		if (atomic_compare_exchange_strong_explicit(&last->next, &next, node,
							    memory_order_acq_rel,
							    memory_order_acquire)) {
			atomic_compare_exchange_strong_explicit(&tail, &last, node,
								memory_order_acq_rel,
								memory_order_acquire);
			return;
		}
		// Another node has been linked there. Tail may not know yet.
		atomic_compare_exchange_strong_explicit(&tail, &last, next,
							memory_order_acq_rel,
							memory_order_acquire);
	}
}

int dequeue(void)
{
	for (;;) {
		struct node *before = atomic_load_explicit(&head, memory_order_acquire);
		struct node *last = atomic_load_explicit(&tail, memory_order_acquire);
		struct node *next = atomic_load_explicit(&before->next, memory_order_acquire);

		if (next == NULL)
			return 0;
		// Head must not overtake tail.
		if (before == last)
			atomic_compare_exchange_strong_explicit(&tail, &last, next,
								memory_order_acq_rel,
								memory_order_acquire);
		if (atomic_compare_exchange_strong_explicit(&head, &before, next,
							    memory_order_acq_rel,
							    memory_order_acquire))
			return next->value;
	}
}

void *enqueuer(void *arg)
{
	enqueue(*(int *)arg);
	return NULL;
}

void *dequeuer(void *unused)
{
	first = dequeue();
	return NULL;
}

int main(void)
{
	pthread_t in[N], out;
	struct node *oldest = new_node(0);
	int sum, value;

	atomic_init(&head, oldest);
	atomic_init(&tail, oldest);
	for (int i = 0; i < N; i++) {
		number[i] = 1 << i;
		pthread_create(&in[i], NULL, enqueuer, &number[i]);
	}
	pthread_create(&out, NULL, dequeuer, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(in[i], NULL);
	pthread_join(out, NULL);

	sum = first;
	while ((value = dequeue()) != 0)
		sum += value;
	assert(sum == (1 << N) - 1);

	while (oldest != NULL) {
		struct node *next = atomic_load_explicit(&oldest->next, memory_order_relaxed);

		free(oldest);
		oldest = next;
	}
	return 0;
}
