// Integers wrap as C has it; nothing is added where nothing can overflow.
#include <linux/types.h>
u8 b;
u16 h;
int i;
unsigned int u;
long l;
unsigned long ul;
bool ok;
union { u32 whole; struct { u32 same; }; } un;

void P0(void)
{
	b = i;
	h++;
	i = b + h;
	i = i * 2;
	u = u - 1;
	l = i;
	ul = u;
	ul = (ul >> 3) / 10;
	ok = l > 3 && u < ul;
	ok = ul;
	un.same = un.whole | 1;
	l = -(i < 0) & ~0xffL;
}
