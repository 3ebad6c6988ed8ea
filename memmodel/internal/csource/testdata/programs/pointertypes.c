/* Pointers to functions, and to arrays, whose declarations begin with a type of a header. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

static int64_t twice(int64_t x) { return 2 * x; }
static int64_t (*f)(int64_t) = twice;
static int64_t (*all[])(int64_t) = {twice, &twice};
static size_t pair[2] = {3, 4};
static size_t (*p)[2] = &pair;

int main(void)
{
	assert(f(4) == 8 && all[1](5) == 10 && (*p)[1] == 4);
	return 0;
}
