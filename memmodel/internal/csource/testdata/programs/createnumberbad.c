// A thread need not find its number where pthread_create writes it.
#include <pthread.h>

pthread_t id;

static void *work(void *arg)
{
	return pthread_equal(id, pthread_self()) ? NULL : arg;
}

int main(void)
{
	pthread_create(&id, NULL, work, NULL);
	pthread_join(id, NULL);
	return 0;
}
