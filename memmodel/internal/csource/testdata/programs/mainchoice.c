// Main chooses in a loop, beside a thread.
#include <pthread.h>
#include <assert.h>
extern int __VERIFIER_nondet_int(void);
pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int x;
static void add(void)
{
	pthread_mutex_lock(&m);
	x++;
	pthread_mutex_unlock(&m);
}
void *f(void *p) { add(); return 0; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, f, 0);
	for (int i = 0; i < 2; i++)
		if (__VERIFIER_nondet_int())
			add();
	pthread_join(t, 0);
	assert(x >= 1 && x <= 3);
	assert(x != 3);
}
