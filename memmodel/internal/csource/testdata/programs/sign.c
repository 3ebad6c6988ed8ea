// C lets an int be read as unsigned, and the other way round.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
unsigned int u[2] = { 1, 4000000000u };
short h = -2;
static void *run(void *arg) { assert(*(int *)arg == -294967296); *(unsigned short *)&h -= 1; *(int *)arg = -1; return 0; }
int main(void)
{
	pthread_t t;
	pthread_create(&t, 0, run, &u[1]);
	pthread_join(t, 0);
	assert(u[1] == 4294967295u && h == -3);
	return 0;
}
