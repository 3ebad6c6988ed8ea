// Keywords of C23, without the headers that had them as macros.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static_assert(sizeof(int) == 4, "int");
static atomic_bool set;
static thread_local bool mine;

static void *worker(void *arg)
{
	mine = true;
	atomic_store(&set, mine);
	return nullptr;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, nullptr, worker, nullptr);
	pthread_join(t, nullptr);
	assert(set == true && mine == false);
	return 0;
}
