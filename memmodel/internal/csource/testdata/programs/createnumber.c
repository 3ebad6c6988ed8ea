// thrd_create writes the number of the thread before the thread begins.
#include <assert.h>
#include <threads.h>

struct worker { thrd_t id; int rounds; } workers[2];

static int work(void *arg)
{
	struct worker *w = arg;

	w->rounds++;
	assert(thrd_equal(w->id, thrd_current()));
	return 3;
}

static int lead(void *arg)
{
	int result;

	for (int i = 0; i < 2; i++)
		thrd_create(&workers[i].id, work, &workers[i]);
	for (int i = 0; i < 2; i++) {
		thrd_join(workers[i].id, &result);
		assert(result == 3);
	}
	return 0;
}

int main(void)
{
	thrd_t t, own;

	thrd_create(&t, lead, NULL);
	thrd_join(t, NULL);
	workers[0].rounds = 0;
	thrd_create(&workers[0].id, work, &workers[0]);
	thrd_join(workers[0].id, NULL);
	assert(workers[0].rounds == 1);
	return 0;
}
