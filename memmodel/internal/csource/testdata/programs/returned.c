#include <pthread.h>
#include <stdatomic.h>
_Atomic(int *) p;
static void *show(void *arg) { int v = 1; atomic_store(&p, &v); return 0; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, show, 0);
	pthread_join(t, 0);
	*atomic_load(&p) = 2;
	return 0;
}
