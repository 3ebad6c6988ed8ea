#include <stdlib.h>
#include <pthread.h>
#include <lkmm.h>
#include <assert.h>
#define RCU_IMP
#define MAX_THREADS 2
#include <rcu.h>
#include <dat3m.h>

/* RCU as an algorithm: a reader that sees the first write sees the second, too. */
int x, y, seen_x, seen_y;

int get_my_tid(void) { return __VERIFIER_tid() - 1; }

void *reader(void *unused)
{
	rcu_read_lock();
	seen_x = READ_ONCE(x);
	seen_y = READ_ONCE(y);
	rcu_read_unlock();
	return NULL;
}

void *updater(void *unused)
{
	WRITE_ONCE(y, 1);
	synchronize_rcu();
	WRITE_ONCE(x, 1);
	return NULL;
}

int main(void)
{
	pthread_t a, b;

	init_rcu();
	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, updater, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(!(seen_x == 1 && seen_y == 0));
	return 0;
}
