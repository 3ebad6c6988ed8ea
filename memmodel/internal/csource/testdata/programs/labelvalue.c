// The value of a statement expression that ends with a label is that of what is labelled.
#include <assert.h>
#define TRY(x) ({ __label__ out; int r = 0; if (!(x)) goto out; r = 1; out: r; })

int main(void)
{
	int a = TRY(0);
	int b = TRY(1);
	assert(a == 0);
	assert(b == 1);
	for (int i = 0; i < 3; i++)
		assert(TRY(i) == !!i);
	return 0;
}
