// What atexit registers runs last, the last first.
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int step;
static char name[16];

static void first(void) { assert(step++ == 2); }
static void second(void) { assert(step++ == 1); }

static void *work(void *arg)
{
	step = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	atexit(first);
	atexit(second);
	assert(snprintf(name, sizeof name, "worker-%d/%s", 7, "x") == 10);
	assert(strcmp(name, "worker-7/x") == 0);
	pthread_create(&t, NULL, work, NULL);
	if (pthread_join(t, NULL)) {
		perror("join");
		abort();
	}
	fputs(name, stdout);
	if (step != 1)
		exit(EXIT_FAILURE);
	return 0;
}
