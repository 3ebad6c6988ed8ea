// The usual body of assume_abort_if_not leaves out executions.
#include <assert.h>
#include <pthread.h>

extern void abort(void);
extern int __VERIFIER_nondet_int(void);
void assume_abort_if_not(int cond) { if (!cond) abort(); }

int found[2];

static void *look(void *arg)
{
	int i = __VERIFIER_nondet_int();

	assume_abort_if_not(0 <= i && i < 2);
	found[i] = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, look, NULL);
	pthread_join(t, NULL);
	assert(found[0] + found[1] == 1);
	return 0;
}
