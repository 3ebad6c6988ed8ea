// A local variable is read before it has a value: by one way of three.
#include <linux/compiler.h>
int x, y;
void P0(void)
{
	int v;
	if (READ_ONCE(x))
		v = 1;
	WRITE_ONCE(y, v);
}
void P1(void) { WRITE_ONCE(x, 1); }
