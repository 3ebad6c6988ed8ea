// Locals are read and written in other sizes than their own, the lowest byte first.
#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

static int seen;

static void *work(void *arg)
{
	uint32_t word = 0x01020384;
	struct { uint16_t lo, hi; } halves;
	unsigned char bytes[4] = { 1, 2, 3, 4 };
	int n = -2;

	assert(*(unsigned char *)&word == 0x84);
	assert(*(signed char *)&word == -124);
	assert(((uint16_t *)&word)[1] == 0x0102);
	((unsigned char *)&word)[3] = 0x81;
	assert(word == 0x81020384);
	memcpy(&halves, &word, sizeof halves);
	assert(halves.lo == 0x0384 && halves.hi == 0x8102);
	assert(*(uint32_t *)bytes == 0x04030201);
	*(short *)&n = 5;
	assert(n == (int)0xffff0005);
	seen = 1;
	return NULL;
}

int main(void)
{
	pthread_t t;

	pthread_create(&t, NULL, work, NULL);
	pthread_join(t, NULL);
	assert(seen);
	return 0;
}
