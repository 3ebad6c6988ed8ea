// Two threads write N values each, one to x and y in turns, the other to z and
// w; two others read all of them twice. It has many executions, and each is
// long. Each variable's values are seen in their order.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifndef N
#define N 1
#endif

atomic_int x, y, z, w;

void *write_xy(void *unused)
{
	for (int i = 1; i <= N; i++) {
		atomic_store_explicit(&x, i, memory_order_release);
		atomic_store_explicit(&y, i, memory_order_release);
	}
	return NULL;
}

void *write_zw(void *unused)
{
	for (int i = 1; i <= N; i++) {
		atomic_store_explicit(&z, i, memory_order_release);
		atomic_store_explicit(&w, i, memory_order_release);
	}
	return NULL;
}

void *reader(void *unused)
{
	int seen[4] = {0, 0, 0, 0};

	for (int i = 0; i < 2; i++) {
		int now[4];

		now[0] = atomic_load_explicit(&x, memory_order_acquire);
		now[1] = atomic_load_explicit(&y, memory_order_acquire);
		now[2] = atomic_load_explicit(&z, memory_order_acquire);
		now[3] = atomic_load_explicit(&w, memory_order_acquire);
		for (int j = 0; j < 4; j++) {
			assert(seen[j] <= now[j]);
			seen[j] = now[j];
		}
	}
	return NULL;
}

int main(void)
{
	pthread_t w1, w2, r1, r2;

	pthread_create(&w1, NULL, write_xy, NULL);
	pthread_create(&w2, NULL, write_zw, NULL);
	pthread_create(&r1, NULL, reader, NULL);
	pthread_create(&r2, NULL, reader, NULL);
	pthread_join(w1, NULL);
	pthread_join(w2, NULL);
	pthread_join(r1, NULL);
	pthread_join(r2, NULL);
	return 0;
}
