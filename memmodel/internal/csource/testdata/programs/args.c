/* With arguments, and what is read from the standard input. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int threads = 2, step = 1, sum;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *add(void *arg)
{
	pthread_mutex_lock(&m);
	sum += step;
	pthread_mutex_unlock(&m);
	return NULL;
}

int main(int argc, char *argv[])
{
	if (argc != 1) {
		if (argc != 3 || !strcmp(argv[1], "-h")) {
			fprintf(stderr, "%s THREADS STEP\n", argv[0]);
			exit(1);
		}
		sscanf(argv[1], "%d", &threads);
		scanf("%d", &step);
	}
	if (threads < 1)
		return 1;
	pthread_t *t = malloc(threads * sizeof(*t));

	for (int i = 0; i < threads; i++)
		pthread_create(&t[i], NULL, add, NULL);
	for (int i = 0; i < threads; i++)
		pthread_join(t[i], NULL);
	assert(sum == threads * step && argv[argc] == NULL);
	free(t);
}
