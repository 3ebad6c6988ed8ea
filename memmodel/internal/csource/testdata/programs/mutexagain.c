// A mutex is destroyed, and initialized again.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t m;
static int x;

static void *work(void *arg)
{
	pthread_mutex_lock(&m);
	x++;
	pthread_mutex_unlock(&m);
	return NULL;
}

static void both(void)
{
	pthread_t t, u;

	pthread_mutex_init(&m, NULL);
	pthread_create(&t, NULL, work, NULL);
	pthread_create(&u, NULL, work, NULL);
	pthread_join(t, NULL);
	pthread_join(u, NULL);
	pthread_mutex_destroy(&m);
}

int main(void)
{
	both();
	both();
	assert(x == 4);
	return 0;
}
