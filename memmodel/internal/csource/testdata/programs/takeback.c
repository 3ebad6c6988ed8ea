// The lock is held, and nobody gives it back.
#include <pthread.h>
#include <stdatomic.h>
atomic_int l = 1;
void *user(void *arg)
{
	while (atomic_fetch_add(&l, 1) != 0)
		atomic_fetch_add(&l, -1);
	return 0;
}
int main(void)
{
	pthread_t t, u;
	pthread_create(&t, 0, user, 0);
	pthread_create(&u, 0, user, 0);
	pthread_join(t, 0);
	pthread_join(u, 0);
	return 0;
}
