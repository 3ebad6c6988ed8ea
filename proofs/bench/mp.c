// One thread sends N messages: it fills a box, then counts it as sent. Two
// others look at the count twice each. Boxes that count are full, and the count
// does not go back.
// Executions: ((N+1)*(N+2)/2)^2, what the four looks can see.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 3
#endif

int box[N];
atomic_int sent;

void *sender(void *unused)
{
	for (int i = 0; i < N; i++) {
		box[i] = i + 1;
		atomic_store_explicit(&sent, i + 1, memory_order_release);
	}
	return NULL;
}

int look(void)
{
	int count = atomic_load_explicit(&sent, memory_order_acquire);

	for (int i = 0; i < count; i++)
		assert(box[i] == i + 1);
	return count;
}

void *receiver(void *unused)
{
	int before = look();
	int after = look();

	assert(before <= after);
	return NULL;
}

int main(void)
{
	pthread_t s, r1, r2;

	pthread_create(&s, NULL, sender, NULL);
	pthread_create(&r1, NULL, receiver, NULL);
	pthread_create(&r2, NULL, receiver, NULL);
	pthread_join(s, NULL);
	pthread_join(r1, NULL);
	pthread_join(r2, NULL);
	return 0;
}
