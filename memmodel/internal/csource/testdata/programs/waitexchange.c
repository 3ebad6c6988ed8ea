/* The plain read of l races with an exchange that puts back what it has found. The last
 * exchange comes after it. */
#include <pthread.h>
#include <stdatomic.h>

int l = 1;

void *waiter(void *arg)
{
	while (__atomic_exchange_n(&l, 1, __ATOMIC_ACQUIRE))
		;
	return 0;
}

void *writer(void *arg)
{
	int was = l;
	__atomic_store_n(&l, 0, __ATOMIC_RELEASE);
	return 0;
}

int main(void)
{
	pthread_t a, b;
	pthread_create(&a, 0, waiter, 0);
	pthread_create(&b, 0, writer, 0);
	pthread_join(a, 0);
	pthread_join(b, 0);
	return 0;
}
