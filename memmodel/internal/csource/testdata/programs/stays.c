// The function returns when nobody uses its variable any more.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
_Atomic(int *) p;
static void *show(void *arg)
{
	int v = 1;
	atomic_store(&p, &v);
	while (atomic_load(&p))
		;
	return 0;
}
int main(void)
{
	pthread_t t;
	int *q;
	pthread_create(&t, 0, show, 0);
	while (!(q = atomic_load(&p)))
		;
	assert(*q == 1);
	atomic_store(&p, 0);
	pthread_join(t, 0);
	return 0;
}
