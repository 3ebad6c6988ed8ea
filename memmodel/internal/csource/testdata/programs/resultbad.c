#include <assert.h>
#include <pthread.h>
static void *half(void *arg) { if ((long)arg % 2) pthread_exit((void *)-1L); return (void *)((long)arg / 2); }
int main(void)
{
	pthread_t s, t;
	void *r, *q;
	pthread_create(&s, 0, half, (void *)6);
	pthread_create(&t, 0, half, (void *)7);
	pthread_join(s, &r);
	pthread_join(t, &q);
	assert((long)r == 6);
	assert((long)q == -1);
	return 0;
}
