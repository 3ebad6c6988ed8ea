#include <pthread.h>
pthread_mutex_t m;
static void *user(void *arg) { pthread_mutex_lock(&m); pthread_mutex_unlock(&m); return 0; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, user, 0);
	pthread_mutex_destroy(&m);
	pthread_join(t, 0);
	return 0;
}
