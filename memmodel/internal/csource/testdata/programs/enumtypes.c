/* An enum without negative constants has the type unsigned int, another has int. */
#include <assert.h>

enum positive { ONE = 1, TWO };
enum negative { MINUS = -1 };

struct bits { unsigned b : 5; long k : 9; } bits = {3, 4};

int main(void)
{
	assert(__builtin_types_compatible_p(enum positive, unsigned));
	assert(!__builtin_types_compatible_p(enum positive, int));
	assert(__builtin_types_compatible_p(int, enum negative));
	assert(!__builtin_types_compatible_p(enum positive, enum negative));
	assert(sizeof(bits.k + 0) == 4 && sizeof(({ bits.k - bits.b; })) == 4);
	assert(sizeof(__builtin_expect(1, 0)) == 8);
	return 0;
}
