#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

extern void __VERIFIER_loop_bound(int);

atomic_int x;

static void *add(void *arg)
{
	__VERIFIER_loop_bound(3);
	for (int i = 0; i < 2; i++)
		atomic_fetch_add(&x, 1);
	return NULL;
}

int main(void)
{
	pthread_t t;
	pthread_create(&t, NULL, add, NULL);
	add(NULL);
	pthread_join(t, NULL);
	assert(x == 4);
	return 0;
}
