#include <assert.h>
#include <pthread.h>
pthread_once_t once = PTHREAD_ONCE_INIT;
int made;
static void make(void) { made++; }
static void *use(void *arg)
{
	if (!made) make();
	assert(made == 1);
	return 0;
}
int main(void)
{
	pthread_t s, t;
	pthread_create(&s, 0, use, 0);
	pthread_create(&t, 0, use, 0);
	pthread_join(s, 0);
	pthread_join(t, 0);
	return 0;
}
