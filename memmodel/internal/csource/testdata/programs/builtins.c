#include <assert.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

static unsigned n = 1;
static void *work(void *unused)
{
	struct { int a; char b[4]; } s;
	unsigned to, from = 7;

	assert(__builtin_clz(n) == 31 && __builtin_clzl(n) == 63 && __builtin_ctzll(8UL * n) == 3);
	assert(ffs(8) == 4 && ffsl(0) == 0 && __builtin_ffs(12) == 3);
	assert(__builtin_bswap32(0x01020304u * n) == 0x04030201 && __builtin_popcountll(7UL) == 3);
	memset(&s, 0xff, sizeof(s));
	assert(s.a == -1 && s.b[3] == -1);
	bzero(&s, sizeof(s));
	assert(s.a == 0);
	__atomic_exchange(&n, &from, &to, __ATOMIC_SEQ_CST);
	assert(to == 1 && __sync_or_and_fetch(&n, 8) == 15);
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	return 0;
}
