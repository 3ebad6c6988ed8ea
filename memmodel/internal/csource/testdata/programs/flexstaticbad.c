/* It has no more elements than these. */
#include <assert.h>

struct table { int n; long slot[]; };

static struct table table = { 3, { 1, 2 } };

int main(void)
{
	long sum = 0;

	for (int i = 0; i < table.n; i++)
		sum += table.slot[i];
	assert(sum == 3);
}
