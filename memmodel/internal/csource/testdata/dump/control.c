// Where branches meet again: Join.
#include <linux/compiler.h>
int x, y, z;

static int early(int v)
{
	if (v == 1)
		return 5;
	WRITE_ONCE(z, 1);
	return v;
}

void P0(void)
{
	if (READ_ONCE(x))
		WRITE_ONCE(y, 1);
	else
		WRITE_ONCE(y, 2);
	WRITE_ONCE(z, early(READ_ONCE(x)));
}

void P1(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		if (READ_ONCE(x) == i)
			continue;
		if (READ_ONCE(y) == i)
			break;
		WRITE_ONCE(z, i);
	}
	switch (READ_ONCE(z)) {
	case 0:
		WRITE_ONCE(x, 1);
		/* fall through */
	case 2 ... 4:
		WRITE_ONCE(y, 1);
		break;
	default:
		goto out;
	}
	WRITE_ONCE(z, 9);
out:
	WRITE_ONCE(z, READ_ONCE(x) && READ_ONCE(y) || i > 2);
}
