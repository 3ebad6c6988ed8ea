// Volatile accesses are READ_ONCE and WRITE_ONCE in kernel code.
#include <linux/atomic.h>
int x;
volatile int v;
struct s { volatile int f; int g; } s;
volatile int *p = &x;
void P0(void) {
	ACCESS_ONCE(x) = 1;
	int r = ACCESS_ONCE(s.g);

	v = r;
	r = s.f;
	s.g = r;
	r = *p;
}
