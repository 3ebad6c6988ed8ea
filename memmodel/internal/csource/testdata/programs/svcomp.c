// In the style of SV-COMP: main chooses how many threads there are.
#include <pthread.h>
extern int __VERIFIER_nondet_int(void);
extern _Bool __VERIFIER_nondet_bool(void);
extern void __VERIFIER_atomic_begin(void), __VERIFIER_atomic_end(void), abort(void);
void reach_error(void) { abort(); }
void assume_abort_if_not(int c) { if (!c) abort(); }
int x;
void __VERIFIER_atomic_add(int n) { x += n; }
static void *add(void *arg)
{
	if (__VERIFIER_nondet_bool()) {
		__VERIFIER_atomic_begin();
		x++;
		__VERIFIER_atomic_end();
	} else {
		__VERIFIER_atomic_add(1);
	}
	return 0;
}
int main(void)
{
	pthread_t t[2];
	int n = __VERIFIER_nondet_int();
	assume_abort_if_not(n >= 1 && n <= 2);
	for (int i = 0; i < n; i++)
		pthread_create(&t[i], 0, add, 0);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], 0);
	if (x != n)
		reach_error();
	return 0;
}
