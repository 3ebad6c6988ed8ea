// Locals: in registers, in registers although their address is passed around,
// Private where the address is computed with, shared where it gets away.
#include <linux/compiler.h>
struct pair { int a, b; };
int x, y;
int *shared;

static void set(int *to, int v)
{
	*to = v;
}

static struct pair both(int a, int b)
{
	struct pair p = { .b = b, .a = a };

	return p;
}

void P0(void)
{
	int r = READ_ONCE(x);
	int s;
	int list[2] = { 7 };
	struct pair p = both(r, 1), q;

	set(&s, r + 1);
	list[r & 1] = s;
	q = p;
	WRITE_ONCE(y, list[1] + q.a);
}

void P1(void)
{
	int gone = 1;

	WRITE_ONCE(shared, &gone);
	gone = 2;
}
