#include <assert.h>
#include <pthread.h>
pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
int a, b;
static void *both(void *arg)
{
	pthread_rwlock_wrlock(&l);
	a++;
	b++;
	pthread_rwlock_unlock(&l);
	return 0;
}
static void *look(void *arg)
{
	pthread_rwlock_rdlock(&l);
	assert(a == b);
	pthread_rwlock_unlock(&l);
	return 0;
}
int main(void)
{
	pthread_t s, t;
	pthread_create(&s, 0, both, 0);
	pthread_create(&t, 0, look, 0);
	pthread_join(s, 0);
	pthread_join(t, 0);
	return 0;
}
