// N threads pass a ticket lock once each: take a number, wait until it is
// called, call the next.
// Executions: N!, the orders of the tickets.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 3
#endif

atomic_int next_ticket;
atomic_int now_serving;
int visitors; // guarded by the lock

void *visit(void *unused)
{
	int ticket = atomic_fetch_add_explicit(&next_ticket, 1, memory_order_relaxed);

	while (atomic_load_explicit(&now_serving, memory_order_acquire) != ticket)
		;
	assert(visitors == ticket);
	visitors = visitors + 1;
	atomic_store_explicit(&now_serving, ticket + 1, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t thread[N];

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, visit, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	assert(visitors == N);
	return 0;
}
