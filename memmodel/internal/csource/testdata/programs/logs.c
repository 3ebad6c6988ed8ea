// A log with arguments that are not named, void pointers to mutexes, errno.
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t none;
static int lines;

static void unlock(void *m) { pthread_mutex_unlock(m); }

static void note(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, &lock);
	vfprintf(stderr, format, list);
	lines++;
	pthread_cleanup_pop(1);
	va_end(list);
}

static void *work(void *arg)
{
	if (sem_trywait(&none) == -1)
		assert(errno == EAGAIN);
	note("worker %d of %s\n", *(int *)arg, "all");
	return NULL;
}

int main(void)
{
	pthread_t t[2];
	int id[2] = { 0, 1 };

	sem_init(&none, 0, 0);
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, work, &id[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert(lines == 2 && UINT64_C(1) << 32 > 2);
	return 0;
}
