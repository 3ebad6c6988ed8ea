// A macro with a label of its own is used several times in a function.
#include <linux/atomic.h>
#include <crosscall.h>

int x;

#define WAIT(v) ({ \
	__label__ again; \
	int r; \
again: \
	r = READ_ONCE(x); \
	if (r != (v)) \
		goto again; \
	r; })

void P0(void)
{
	int a = WAIT(1);

	WRITE_ONCE(x, 2);
	int b = WAIT(3);

	assert(a + b == 4);
}

void P1(void)
{
	WRITE_ONCE(x, 1);
	int b = WAIT(2);

	WRITE_ONCE(x, b + 1);
}
