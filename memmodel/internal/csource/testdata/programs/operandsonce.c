/* A builtin, or a function of a header, evaluates each operand once, although it is a macro here. */
#include <assert.h>
#include <stdatomic.h>
#include <stdint.h>
int calls, x;
_Atomic int a;
_Atomic int *cells[2] = { &a, &a };
#define T(e) (calls++, (e))

int main(void)
{
	int e = 0, i = 0;

	(void)__atomic_add_fetch(&x, T(3), 5);
	assert(calls == 1 && x == 3);
	(void)__sync_sub_and_fetch(T(&x), T(1));
	assert(calls == 3 && x == 2);
	(void)__atomic_compare_exchange_n(T(&x), &e, T(4), 1, 5, 5);
	assert(calls == 5);
	(void)atomic_compare_exchange_weak(cells[i++], &e, T(4));
	assert(calls == 6 && i == 1);
	assert(__builtin_bswap32(T(0x01020304)) == 0x04030201 && calls == 7);
	assert(__builtin_bswap64(T(0x0102030405060708)) == 0x0807060504030201 && calls == 8);
	assert(__builtin_bswap16(T(0x0102)) == 0x0201 && calls == 9);
	return 0;
}
