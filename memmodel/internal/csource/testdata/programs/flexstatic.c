/* A static struct that ends with an array without a size has the elements of its first value. */
#include <assert.h>
#include <pthread.h>

struct table { int n; struct { short key, value; } slot[]; };

static struct table table = { 2, { { 1, 10 }, { .value = 20 } } };
static struct table *shared = &table;

static void *writer(void *unused)
{
	shared->slot[1].key = 5;
	return NULL;
}

int main(void)
{
	static struct table own = { .slot = { [2] = { 7 } } };
	pthread_t t;

	pthread_create(&t, NULL, writer, NULL);
	assert(table.slot[0].key == 1 && table.slot[0].value == 10 && table.slot[1].value == 20);
	pthread_join(t, NULL);
	assert(table.slot[1].key == 5 && sizeof(table) == 4);
	assert(own.slot[2].key == 7 && own.slot[0].key == 0 && own.slot[2].value == 0);
}
