// An assumption says which values a nondeterministic integer has: it goes wrong for 7 alone.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

extern int __VERIFIER_nondet_int(void);
extern void abort(void);
static atomic_int sum;

static void assume_abort_if_not(int cond)
{
	if (!cond)
		abort();
}

static void *add(void *arg)
{
	atomic_fetch_add(&sum, *(int *)arg);
	return NULL;
}

int main(void)
{
	int n = __VERIFIER_nondet_int();
	pthread_t t;

	assume_abort_if_not(n > 0 && n < 8);
	pthread_create(&t, NULL, add, &n);
	pthread_join(t, NULL);
	assert(sum != 7);
	return 0;
}
