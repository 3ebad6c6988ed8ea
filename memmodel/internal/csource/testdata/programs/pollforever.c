// The consumer of poll.c waits for a third value, which nobody puts.
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int queue[2], count;

static void put(int value)
{
	pthread_mutex_lock(&lock);
	queue[count++] = value;
	pthread_mutex_unlock(&lock);
}

static int try_get(int *value)
{
	int found = 0;

	pthread_mutex_lock(&lock);
	if (count > 0) {
		*value = queue[--count];
		found = 1;
	}
	pthread_mutex_unlock(&lock);
	return found;
}

static void *producer(void *arg)
{
	put(1);
	put(2);
	return NULL;
}

static void *consumer(void *arg)
{
	int sum = 0, value;

	for (int i = 0; i < 3; i++) {
		while (!try_get(&value))
			;
		sum += value;
	}
	assert(sum == 3);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, producer, NULL);
	pthread_create(&b, NULL, consumer, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
