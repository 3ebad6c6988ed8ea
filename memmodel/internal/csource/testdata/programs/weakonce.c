// A weak compare-and-exchange may fail although it finds what it expects.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
atomic_int x;
int main(void)
{
	int ok = 0;
	for (int i = 0; i < 2 && !ok; i++) {
		int e = 0;
		ok = atomic_compare_exchange_weak(&x, &e, 1);
	}
	assert(ok);
	return 0;
}
