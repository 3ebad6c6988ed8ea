/* The constants of an enum are ints; a variable of one that has no negative constants is unsigned. */
#include <assert.h>
#include <pthread.h>

enum flag { ONE = 1, TWO = 1UL << 1 };
enum small { NONE = -1, SOME };
static struct { enum flag a : 1; enum small b : 2; } s;

static void *work(void *arg)
{
	unsigned long address = 0x10000000003;
	enum flag v = ONE;
	int n = -1;

	assert(n < ONE && NONE < SOME && -ONE < 0 && (address & ~TWO) == 0x10000000001);
	assert(!(n < v) && v - TWO > 1 && v - TWO == ~0u && (~v >> 31) == 1);
	s.a = ONE;
	s.b = NONE;
	assert(s.a == ONE && s.b == NONE);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
}
