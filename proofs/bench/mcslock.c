// N threads pass a lock of Mellor-Crummey and Scott once each: everybody waits
// on a flag of their own, which the one before them in the queue sets.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 2
#endif

struct waiter {
	_Atomic(struct waiter *) next;
	atomic_int called;
};

_Atomic(struct waiter *) tail;
struct waiter waiter[N];
int visitors; // guarded by the lock

void lock(struct waiter *self)
{
	struct waiter *before;

	atomic_store_explicit(&self->next, NULL, memory_order_relaxed);
	atomic_store_explicit(&self->called, 0, memory_order_relaxed);
	before = atomic_exchange_explicit(&tail, self, memory_order_acq_rel);
	if (before == NULL)
		return;
	atomic_store_explicit(&before->next, self, memory_order_release);
	while (!atomic_load_explicit(&self->called, memory_order_acquire))
		;
}

void unlock(struct waiter *self)
{
	struct waiter *next = atomic_load_explicit(&self->next, memory_order_acquire);

	if (next == NULL) {
		struct waiter *last = self;

		if (atomic_compare_exchange_strong_explicit(&tail, &last, NULL,
							    memory_order_release,
							    memory_order_relaxed))
			return;
		// Somebody has queued up, and is about to say who.
		while ((next = atomic_load_explicit(&self->next, memory_order_acquire)) == NULL)
			;
	}
	atomic_store_explicit(&next->called, 1, memory_order_release);
}

void *visit(void *arg)
{
	struct waiter *self = arg;

	lock(self);
	visitors = visitors + 1;
	unlock(self);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, visit, &waiter[i]);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	assert(visitors == N);
	return 0;
}
