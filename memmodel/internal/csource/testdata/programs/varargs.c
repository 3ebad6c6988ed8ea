/* Arguments that have no names. */
#include <assert.h>
#include <pthread.h>
#include <stdarg.h>

static int total(int n, va_list list)
{
	int sum = 0;

	while (n--)
		sum = sum * 10 + va_arg(list, int);
	return sum;
}

static int sum(int n, ...)
{
	va_list list, again;
	int first;

	va_start(list, n);
	va_copy(again, list);
	first = va_arg(again, int);
	va_end(again);
	n = total(n, list) + 1000 * first;
	va_end(list);
	return n;
}

static void *thread(void *arg)
{
	int *n = arg;

	assert(sum(2, *n, *n + 1) == 3034);
	return 0;
}

int main(void)
{
	pthread_t t;
	int n = 3;

	pthread_create(&t, 0, thread, &n);
	assert(sum(3, 1, (char)2, 3) == 1123);
	pthread_join(t, 0);
	return 0;
}
