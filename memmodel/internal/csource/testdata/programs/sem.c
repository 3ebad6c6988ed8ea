#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
sem_t s;
int data;
static void *give(void *arg) { data = 1; sem_post(&s); return 0; }
int main(void)
{
	pthread_t t;
	sem_init(&s, 0, 0);
	pthread_create(&t, 0, give, 0);
	sem_wait(&s);
	assert(data == 1);
	pthread_join(t, 0);
	return 0;
}
