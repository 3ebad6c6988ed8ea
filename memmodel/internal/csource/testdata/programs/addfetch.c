/* What an atomic operation adds is computed once, and so is what is swapped. */
#include <assert.h>
#include <stdatomic.h>

int n = 1, calls;
atomic_int sum;

static int next(void)
{
	calls++;
	return n++;
}

int main(void)
{
	assert(__atomic_add_fetch(&sum, next(), __ATOMIC_SEQ_CST) == 1);
	assert(__sync_sub_and_fetch(&sum, next()) == -1);
	assert(__builtin_bswap32(next()) == 0x03000000);
	assert(__builtin_bswap64(next()) == 0x0400000000000000);
	assert(calls == 4 && sum == -1);
	return 0;
}
