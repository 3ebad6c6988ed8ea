/* Main does not return before the thread has ended that it joins. */
#include <pthread.h>

static void *forever(void *arg)
{
	for (;;)
		;
}

static void *nothing(void *arg) { return NULL; }

int main(void)
{
	pthread_t t, u;

	pthread_create(&t, NULL, forever, NULL);
	pthread_create(&u, NULL, nothing, NULL);
	pthread_join(t, NULL);
}
