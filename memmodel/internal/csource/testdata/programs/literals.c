// Compound literals with commas as arguments of functions that are macros here, and of
// static variables, whose literals live for ever.
#include <assert.h>
#include <string.h>
#include <threads.h>

struct pair { int a, b; };
static struct { const char *name; struct pair *of; } table[] = {
	{ "one", &(struct pair){ 1, 2 } },
	{ "two", (struct pair[]){ { 3, 4 } } },
};

static int worker(void *arg)
{
	struct pair *mine = arg, copy;

	memcpy(&copy, &(struct pair){ 1, 2 }, sizeof(copy));
	assert(mine->a == copy.a && !memcmp(mine, &(struct pair){ 1, 2 }, sizeof(copy)));
	thrd_sleep(&(struct timespec){ .tv_sec = 1, .tv_nsec = 2 }, NULL);
	table[1].of->b++;
	return table[0].of->b;
}

int main(void)
{
	thrd_t t;
	int result;

	thrd_create(&t, worker, &(struct pair){ 1, 2 });
	thrd_join(t, &result);
	assert(result == 2 && table[1].of->b == 5);
	return 0;
}
