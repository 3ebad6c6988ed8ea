// Two threads that look at the same flag, each under two locks. Nobody sets it.
#include <pthread.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int flag, other;

static void *wait(void *arg)
{
	int f, o;

	do {
		pthread_mutex_lock(&a);
		pthread_mutex_lock(&b);
		f = flag;
		o = other;
		pthread_mutex_unlock(&b);
		pthread_mutex_unlock(&a);
	} while (!f && !o);
	return NULL;
}

int main(void)
{
	pthread_t s, t;

	pthread_create(&s, NULL, wait, NULL);
	pthread_create(&t, NULL, wait, NULL);
	pthread_join(s, NULL);
	pthread_join(t, NULL);
	return 0;
}
