// The address of a variable is passed to a function that sets it in one case only.
#include <linux/compiler.h>
int x, y;
static int get(int *to)
{
	if (!READ_ONCE(x))
		return 1;
	*to = 1;
	return 0;
}
void P0(void)
{
	int v;
	get(&v);
	WRITE_ONCE(y, v);
}
void P1(void)
{
	int v;
	if (get(&v))
		v = 0;
	WRITE_ONCE(y, v);
}
void P2(void) { WRITE_ONCE(x, 1); }
