/* memmove reads what it moves, without a lock. */
#include <pthread.h>
#include <string.h>

static int a[3];

static void *shift(void *unused)
{
	memmove(a, a + 1, 2 * sizeof(int));
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, shift, NULL);
	a[2] = 1;
	pthread_join(t, NULL);
}
