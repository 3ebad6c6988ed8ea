// One thread writes a variable and N read it: each of them before or after.
// Executions: 2^N.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 4
#endif

int payload;
atomic_int ready;

void *writer(void *unused)
{
	payload = 7;
	atomic_store_explicit(&ready, 1, memory_order_release);
	return NULL;
}

void *reader(void *unused)
{
	if (atomic_load_explicit(&ready, memory_order_acquire))
		assert(payload == 7);
	return NULL;
}

int main(void)
{
	pthread_t w, r[N];

	pthread_create(&w, NULL, writer, NULL);
	for (int i = 0; i < N; i++)
		pthread_create(&r[i], NULL, reader, NULL);
	pthread_join(w, NULL);
	for (int i = 0; i < N; i++)
		pthread_join(r[i], NULL);
	return 0;
}
