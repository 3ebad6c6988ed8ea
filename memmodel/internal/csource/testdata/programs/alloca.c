/* Memory of alloca is gone when the function returns. */
#include <alloca.h>
#include <pthread.h>
#include <stdatomic.h>

static int *_Atomic shared;

static void publish(void)
{
	int *p = alloca(2 * sizeof(int));

	p[1] = 1;
	shared = p;
}

static void *work(void *arg)
{
	int *p = shared;

	return p && p[1] == 2 ? p : NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	publish();
	pthread_join(t, NULL);
}
