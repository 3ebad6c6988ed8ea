#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
atomic_int x;
static int sum(int n) { return n < 1 ? 0 : n + sum(n - 1); }
static void *f(void *arg) { x = 3; return arg; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, f, 0);
	int n = x;
	assert(sum(n) == (n ? 6 : 0));
	pthread_join(t, 0);
	assert(sum(4) == 10);
	return 0;
}
