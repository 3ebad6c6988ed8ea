// What a thread shows to others is freed by the destructor where the thread ends.
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

static tss_t key;
static int *shown;

static int work(void *arg)
{
	shown = malloc(sizeof *shown);
	*shown = 1;
	tss_set(key, shown);
	return 0;
}

int main(void)
{
	thrd_t t;

	tss_create(&key, free);
	thrd_create(&t, work, NULL);
	thrd_join(t, NULL);
	return *shown;
}
