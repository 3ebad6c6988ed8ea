/* A message has the whole expression, behind the parentheses of a cast too. */
#include <pthread.h>
#include <stdatomic.h>

_Atomic int l;

void *writer(void *arg)
{
	l = 1;
	return 0;
}

void *reader(void *arg)
{
	int got = *(int *)&l;
	return 0;
}

int main(void)
{
	pthread_t a, b;
	pthread_create(&a, 0, writer, 0);
	pthread_create(&b, 0, reader, 0);
	pthread_join(a, 0);
	pthread_join(b, 0);
	return 0;
}
