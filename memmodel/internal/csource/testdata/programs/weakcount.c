// A loop that counts gives up after two failures without a reason.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x;
static int tries;

static void *set(void *arg)
{
	for (int i = 0; i < 2; i++) {
		int old = 0;

		tries++;
		if (atomic_compare_exchange_weak(&x, &old, 1))
			return NULL;
	}
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, set, NULL);
	pthread_join(t, NULL);
	assert(x == 1);
	return 0;
}
