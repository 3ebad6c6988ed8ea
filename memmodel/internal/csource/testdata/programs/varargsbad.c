/* One argument more is read than there are. */
#include <assert.h>
#include <stdarg.h>

static int sum(int n, ...)
{
	va_list list;
	int sum = 0;

	va_start(list, n);
	while (n--)
		sum += va_arg(list, int);
	va_end(list);
	return sum;
}

int main(void)
{
	assert(sum(2, 1) == 1);
	return 0;
}
