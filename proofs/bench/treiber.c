// A stack of Treiber: N threads push a node each, while one other pops once. It
// alone pops, so that it may free what it popped and needs no help against ABA.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifndef N
#define N 2
#endif

struct node {
	int value;
	struct node *next;
};

_Atomic(struct node *) top;
int number[N];
int popped; // the sum of what was popped so far

void push(int value)
{
	struct node *node = malloc(sizeof(struct node));
	struct node *seen = atomic_load_explicit(&top, memory_order_relaxed);

	node->value = value;
	do {
		node->next = seen;
	} while (!atomic_compare_exchange_strong_explicit(&top, &seen, node,
							  memory_order_release,
							  memory_order_relaxed));
}

int pop(void)
{
	struct node *seen = atomic_load_explicit(&top, memory_order_acquire);

	while (seen != NULL) {
		struct node *next = seen->next;

		if (atomic_compare_exchange_strong_explicit(&top, &seen, next,
							    memory_order_acquire,
							    memory_order_acquire)) {
			int value = seen->value;

			free(seen);
			return value;
		}
	}
	return 0;
}

void *pusher(void *arg)
{
	push(*(int *)arg);
	return NULL;
}

void *popper(void *unused)
{
	popped = pop();
	return NULL;
}

int main(void)
{
	pthread_t in[N], out;
	int value;

	for (int i = 0; i < N; i++) {
		number[i] = 1 << i;
		pthread_create(&in[i], NULL, pusher, &number[i]);
	}
	pthread_create(&out, NULL, popper, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(in[i], NULL);
	pthread_join(out, NULL);

	while ((value = pop()) != 0)
		popped += value;
	assert(popped == (1 << N) - 1);
	return 0;
}
