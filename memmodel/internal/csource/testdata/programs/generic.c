/* _Generic chooses by type. */
#include <assert.h>
#include <stdint.h>

#define kind(x) _Generic((x), int: 1, unsigned int: 2, long: 3, default: 4)
#define text(x) _Generic((x), const char *: 1, char *: 2)

struct a { int x; };
struct b { int x; };

_Static_assert(sizeof(struct a) == 4);

int main(void)
{
	const int ci = 1;
	const char *text1 = "x";
	char c = 'c';
	struct b b = { 1 }, *bp = &b;
	uint8_t u8 = 1;

	assert(kind(1) == 1 && kind(1u) == 2 && kind(1l) == 3 && kind(1ull) == 4);
	assert(kind(ci) == 1 && kind(c) == 4 && kind('c') == 1 && kind(c + c) == 1);
	assert(text(text1) == 1);
	assert(_Generic(b, struct a: 1, struct b: 2) == 2);
	assert(_Generic(bp, struct a *: 1, struct b *: 2, int *: 3) == 2);
	assert(_Generic(u8, char: 1, signed char: 2, unsigned char: 3) == 3);
	assert(_Generic(main, int (*)(void): 1, default: 2) == 1);
}
