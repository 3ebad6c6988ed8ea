/* A range of elements that are parts of a word, and constants that are divided as unsigned ones. */
#include <assert.h>

static union {
	unsigned w;
	short half[2];
} u = {.half = {[0 ... 1] = 0x0102}};
static unsigned long third = 0xffffffffffffffff / sizeof(int), rest = -1 % sizeof(int);

int main(void)
{
	assert(u.w == 0x01020102);
	assert(third == 0x3fffffffffffffff && rest == 3);
	return 0;
}
