#include <assert.h>
#include <pthread.h>
pthread_key_t key;
static void *own(void *arg)
{
	pthread_setspecific(key, arg);
	assert(pthread_getspecific(key) == arg);
	return (void *)((long)arg + 1);
}
int main(void)
{
	pthread_t s, t;
	void *r, *q;
	pthread_key_create(&key, 0);
	pthread_create(&s, 0, own, (void *)3);
	pthread_create(&t, 0, own, (void *)5);
	pthread_join(s, &r);
	pthread_join(t, &q);
	assert((long)r == 4 && (long)q == 6);
	assert(!pthread_equal(s, t) && !pthread_equal(pthread_self(), s));
	return 0;
}
