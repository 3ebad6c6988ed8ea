// Each thread makes another: that is followed to the limit, and no further.
#include <pthread.h>
void *f(void *a)
{
	pthread_t t;
	pthread_create(&t, 0, f, 0);
	return 0;
}
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, f, 0);
}
