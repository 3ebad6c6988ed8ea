// Nobody ends this loop, which writes in each round.
#include <linux/compiler.h>
int a, stop;
void P0(void)
{
	do {
		WRITE_ONCE(a, 1);
		WRITE_ONCE(a, 0);
	} while (!READ_ONCE(stop));
}
void P1(void) { (void)READ_ONCE(a); }
