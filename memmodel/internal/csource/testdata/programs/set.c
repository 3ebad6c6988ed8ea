// Each variable has a value where it is read, but only in the ways that can be gone.
#include <linux/compiler.h>
int x, y;
void P0(void)
{
	int v, w, r = READ_ONCE(x);
	struct { int a, b; } s, t;
	if (r)
		v = 1;
	if (r)
		WRITE_ONCE(y, v);
	s.a = r;
	t = s;
	w = t.a;
	for (int i = 0, u; i < 2; i++) {
		if (i)
			w += u;
		u = i;
	}
	WRITE_ONCE(y, w);
}
void P1(void) { WRITE_ONCE(x, 1); }
