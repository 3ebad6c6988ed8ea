// The value that a variable had in the round before is gone.
#include <linux/compiler.h>
int y;
void P0(void)
{
	for (int i = 0; i < 2; i++) {
		int v;
		if (!i)
			v = 1;
		WRITE_ONCE(y, v);
	}
}
void P1(void) { WRITE_ONCE(y, 2); }
