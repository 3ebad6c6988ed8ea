// What _Atomic is of: accesses to it are seq_cst, also without a function.
#include <stdatomic.h>
#include <pthread.h>

_Atomic int a[2];
atomic_int b[2];
_Atomic int *p = &a[1];
_Atomic(int *) q;
struct t { _Atomic(struct t *) next; _Atomic int x, *y; atomic_int *z; int w; } s;

void *f(void *unused)
{
	a[0] = 1;
	b[1]++;
	*p = 2;
	p = 0;
	q = 0;
	s.next = 0;
	s.x ^= 3;
	*s.y = 4;
	s.y = 0;
	*s.z += 2;
	s.w = 0;
	return 0;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, 0, f, 0);
}
