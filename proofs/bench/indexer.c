// N threads enter their keys into a hash table, taking the next slot where one
// is taken. Keys of threads that are SPACING apart are the same, and these
// threads compete for a slot; all others keep out of each other's way.
// Executions: 2^((KEYS-1)*(N-SPACING)) for N from SPACING to 2*SPACING.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#ifndef N
#define N 5
#endif

#define SLOTS 128
#define KEYS 3
#define SPACING 4

atomic_int slot[SLOTS];

void *enter(void *arg)
{
	int self = (int)(intptr_t)arg;

	for (int i = 0; i < KEYS; i++) {
		int key = 1 + self + i * SPACING;
		int at = (key * 7) % SLOTS;
		int empty = 0;

		while (!atomic_compare_exchange_strong_explicit(&slot[at], &empty, key,
								memory_order_relaxed,
								memory_order_relaxed)) {
			assert(empty == key);
			empty = 0;
			at = (at + 1) % SLOTS;
		}
	}
	return NULL;
}

int main(void)
{
	pthread_t thread[N];
	int used = 0;

	for (int i = 0; i < N; i++)
		pthread_create(&thread[i], NULL, enter, (void *)(intptr_t)i);
	for (int i = 0; i < N; i++)
		pthread_join(thread[i], NULL);

	for (int i = 0; i < SLOTS; i++)
		if (atomic_load_explicit(&slot[i], memory_order_relaxed) != 0)
			used++;
	assert(used == N * KEYS);
	return 0;
}
