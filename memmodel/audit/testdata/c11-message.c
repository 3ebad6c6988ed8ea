/* A message with C11's default order everywhere, and two fences. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

int data;
atomic_int flag;
atomic_int seen;

void *send(void *unused)
{
	data = 1;
	atomic_thread_fence(memory_order_seq_cst);
	atomic_store_explicit(&flag, 1, memory_order_seq_cst);
	return NULL;
}

void *receive(void *unused)
{
	if (atomic_fetch_add_explicit(&flag, 2, memory_order_seq_cst) == 1) {
		atomic_thread_fence(memory_order_acq_rel);
		assert(data == 1);
	}
	atomic_store_explicit(&seen, 1, memory_order_release);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, send, NULL);
	pthread_create(&b, NULL, receive, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
